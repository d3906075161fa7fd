package dev.heed.train.recipe;

import dev.heed.text.Encoding;

/**
 * One tokenised example.
 *
 * @param ids what the model reads
 * @param types the segment of each token
 * @param labels what it should give: one class, a label for each token, or the tokens that a model
 *     of two halves writes; -100 counts nothing
 * @param scored those of the labels that a score looks at, with -100 elsewhere
 */
record Example(long[] ids, long[] types, long[] labels, long[] scored) {
  /** All labels are scored. */
  Example(long[] ids, long[] types, long[] labels) {
    this(ids, types, labels, labels);
  }

  static Example of(Encoding encoding, long... labels) {
    return new Example(encoding.ids(), encoding.typeIds(), labels);
  }

  /** How many tokens the model reads and writes at most. */
  int length() {
    return Math.max(ids.length, labels.length);
  }
}
