package dev.heed.generate.logits;

/**
 * Removes each token that would complete an n-gram that the sequence holds already, in its prompt
 * too (Paulus et al. 2017, "A Deep Reinforced Model for Abstractive Summarization", section 2.5).
 *
 * @param size of the n-grams, at least 1
 */
public record NoRepeatNgram(int size) implements LogitsProcessor {
  /** Checks the size. */
  public NoRepeatNgram {
    Range.require(size >= 1, "no_repeat_ngram_size", "at least 1", size);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    remove(prefix.tokens(), size, prefix.tokens(), scores);
  }

  /** Removes what would make the sequence end with an n-gram of the source. */
  static void remove(Tokens sequence, int size, Tokens source, double[] scores) {
    if (sequence.size() + 1 < size) {
      return;
    }
    int[] start = sequence.from(sequence.size() + 1 - size);
    for (int end = size; end <= source.size(); end++) {
      int completing = source.get(end - 1);
      if (completing < scores.length && source.first(end - 1).endsWith(start)) {
        scores[completing] = Scores.REMOVED;
      }
    }
  }
}
