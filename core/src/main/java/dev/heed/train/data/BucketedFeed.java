package dev.heed.train.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Examples at hand, in batches of nearly equal lengths and another order in each epoch.
 *
 * @param <E> an example
 * @param <B> a batch
 */
public final class BucketedFeed<E, B> implements Feed<B> {
  private final List<E> examples;
  private final int[] lengths;
  private final TokenBudget budget;
  private final long seed;
  private final Function<List<E>, B> collate;

  /**
   * Looks all lengths over.
   *
   * @param examples at least one; read by several threads at once
   * @param length tokens of an example, from 0
   * @param budget how large a batch may be
   * @param seed of the order
   * @param collate makes a batch, with tensors of the current scope
   * @throws IllegalArgumentException if there is no example, or one is larger than the budget
   */
  public BucketedFeed(
      List<E> examples,
      ToIntFunction<E> length,
      TokenBudget budget,
      long seed,
      Function<List<E>, B> collate) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("training data: expected at least one example, got none");
    }
    this.examples = examples;
    this.lengths = examples.stream().mapToInt(length).toArray();
    this.budget = budget;
    this.seed = seed;
    this.collate = collate;
    Plan.requireFitting(lengths, budget);
  }

  private Plan plan(long epoch) {
    return Plan.of(lengths, budget, Seeds.mix(seed, epoch));
  }

  @Override
  public Epoch<B> epoch(long number) {
    Plan plan = plan(number);
    return new Epoch<>() {
      @Override
      public int size() {
        return plan.size();
      }

      @Override
      public B load(int batch) {
        List<E> chosen = new ArrayList<>();
        for (int example : plan.batches().get(batch)) {
          chosen.add(examples.get(example));
        }
        return collate.apply(chosen);
      }

      @Override
      public String describe(int batch) {
        return "examples " + Arrays.toString(plan.batches().get(batch));
      }
    };
  }
}
