package dev.heed.generate.logits;

import java.util.List;

/**
 * Removes the last token of bad sequences wherever their other tokens stand just before it: a
 * {@link SequenceBias} of negative infinity.
 *
 * @param bias the sequences as biases
 */
public record BadWords(SequenceBias bias) implements LogitsProcessor {
  /**
   * The bad sequences of a config.
   *
   * @param words each of at least one token
   * @param ends tokens that end a sequence; one that stands alone among the words is no bad word
   */
  public static BadWords of(List<List<Integer>> words, List<Integer> ends) {
    return new BadWords(
        new SequenceBias(
            words.stream()
                .filter(word -> word.size() != 1 || !ends.contains(word.getFirst()))
                .map(word -> new SequenceBias.Entry(word, Scores.REMOVED))
                .toList()));
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    bias.process(prefix, scores);
  }
}
