package dev.heed.task;

import dev.heed.model.ModelInput;
import dev.heed.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Tokenised texts that go through an encoder together, end to end in one row or padded.
 *
 * @param texts their tokens
 * @param longest the most tokens of one
 */
record TokenBatch(List<long[]> texts, int longest) {
  static TokenBatch of(List<long[]> texts) {
    return new TokenBatch(texts, texts.stream().mapToInt(text -> text.length).max().orElse(0));
  }

  /** One row without padding, {@code [1, all tokens]}. */
  ModelInput endToEnd() {
    long[] ids = texts.stream().flatMapToLong(Arrays::stream).toArray();
    long[] documents = new long[ids.length];
    int from = 0;
    for (int text = 0; text < texts.size(); text++) {
      int end = from + texts.get(text).length;
      Arrays.fill(documents, from, end, text);
      from = end;
    }
    ModelInput input = ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
    return texts.size() == 1
        ? input
        : input.with("document_ids", Tensor.of(documents, 1, ids.length));
  }

  /** One row a text, {@code [texts, longest]}, padding at the end. */
  ModelInput padded() {
    long[] ids = new long[texts.size() * longest];
    long[] mask = new long[ids.length];
    for (int text = 0; text < texts.size(); text++) {
      long[] tokens = texts.get(text);
      System.arraycopy(tokens, 0, ids, text * longest, tokens.length);
      Arrays.fill(mask, text * longest, text * longest + tokens.length, 1);
    }
    return ModelInput.of("input_ids", Tensor.of(ids, texts.size(), longest))
        .with("attention_mask", Tensor.of(mask, texts.size(), longest));
  }

  /** States of {@link #endToEnd}, {@code [1, all tokens, H]}, as {@code [texts, longest, H]}. */
  Tensor unpacked(Tensor states) {
    long[] rows = new long[texts.size() * longest];
    int from = 0;
    for (int text = 0; text < texts.size(); text++) {
      int length = texts.get(text).length;
      for (int place = 0; place < length; place++) {
        rows[text * longest + place] = (long) from + place;
      }
      from += length;
    }
    return states
        .squeeze(0)
        .indexSelect(0, Tensor.of(rows, rows.length))
        .unflatten(0, texts.size(), longest);
  }

  /**
   * The tokens that count, bool {@code [texts, longest]}.
   *
   * @param skip first tokens of each that do not
   */
  Tensor keep(int skip) {
    boolean[] keep = new boolean[texts.size() * longest];
    for (int text = 0; text < texts.size(); text++) {
      int start = text * longest;
      Arrays.fill(
          keep,
          start + Math.min(skip, texts.get(text).length),
          start + texts.get(text).length,
          true);
    }
    return Tensor.of(keep, texts.size(), longest);
  }
}
