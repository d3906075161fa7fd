package dev.heed.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The batches of one epoch.
 *
 * @param batches the numbers of their examples
 */
public record Plan(List<int[]> batches) {
  /**
   * Orders examples at random, sorts them by length within windows, cuts the windows into batches
   * and puts these into a random order.
   *
   * @param lengths of the examples
   * @param seed of this epoch; each seed is another order
   * @throws IllegalArgumentException if an example alone is larger than the budget
   */
  public static Plan of(int[] lengths, TokenBudget budget, long seed) {
    requireFitting(lengths, budget);
    int[] order = Seeds.order(lengths.length, Seeds.mix(seed, 0));
    List<int[]> batches = new ArrayList<>();
    if (budget.window() == 1) {
      cut(order, lengths, budget, batches);
      return new Plan(batches);
    }
    for (int from = 0; from < order.length; from += budget.window()) {
      int to = (int) Math.min((long) from + budget.window(), order.length);
      cut(sorted(Arrays.copyOfRange(order, from, to), lengths), lengths, budget, batches);
    }
    List<int[]> shuffled = new ArrayList<>();
    for (int index : Seeds.order(batches.size(), Seeds.mix(seed, 1))) {
      shuffled.add(batches.get(index));
    }
    return new Plan(shuffled);
  }

  static void requireFitting(int[] lengths, TokenBudget budget) {
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] > budget.tokens()) {
        throw new IllegalArgumentException(
            "example "
                + i
                + ": expected at most "
                + budget.tokens()
                + " tokens, got "
                + lengths[i]
                + "; raise the token budget or shorten the example");
      }
    }
  }

  /** By length; equal ones stay as they were. */
  private static int[] sorted(int[] examples, int[] lengths) {
    return Arrays.stream(examples)
        .boxed()
        .sorted(Comparator.comparingInt(example -> lengths[example]))
        .mapToInt(example -> example)
        .toArray();
  }

  private static void cut(int[] examples, int[] lengths, TokenBudget budget, List<int[]> batches) {
    int from = 0;
    int longest = 0;
    for (int i = 0; i < examples.length; i++) {
      int length = Math.max(longest, lengths[examples[i]]);
      int count = i - from + 1;
      if (count > 1 && (count > budget.examples() || (long) count * length > budget.tokens())) {
        batches.add(Arrays.copyOfRange(examples, from, i));
        from = i;
        length = lengths[examples[i]];
      }
      longest = length;
    }
    if (from < examples.length) {
      batches.add(Arrays.copyOfRange(examples, from, examples.length));
    }
  }

  /** How many batches there are. */
  public int size() {
    return batches.size();
  }
}
