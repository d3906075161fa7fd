package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.train.Evaluation;
import dev.heed.train.data.BucketedFeed;
import dev.heed.train.data.Feed;
import dev.heed.train.data.Seeds;
import dev.heed.train.data.TokenBudget;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** What is learned: how texts become examples, what stands on the model, and how it is scored. */
interface TextTask {
  /** How the names of fitting architectures end; empty for the checkpoint's own. */
  List<String> heads();

  /** The classes, or none. */
  default List<String> classes() {
    return List.of();
  }

  /** What is learned from. */
  List<Example> train();

  /** What is scored on; none for no scores. */
  List<Example> valid();

  /** Whether an example has one label and no more. */
  default boolean flat() {
    return false;
  }

  /** Whether a place predicts the label of the next one. */
  default boolean next() {
    return false;
  }

  /** Whether nothing stands on the model. */
  default boolean isBare() {
    return false;
  }

  /** Whether places in the text are learned, for which there are no scores of classes. */
  default boolean finds() {
    return false;
  }

  /** Batches to learn from: as those that are scored on, unless examples are changed. */
  default Feed<ExampleBatch> learned(TokenBudget budget, long seed, long padding) {
    return feed(train(), budget, seed, padding);
  }

  /** Batches of examples. */
  default Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return feed(examples, budget, seed, chosen -> ExampleBatch.of(chosen, padding, flat()));
  }

  /** Batches of examples, put side by side in some way. */
  static Feed<ExampleBatch> feed(
      List<Example> examples,
      TokenBudget budget,
      long seed,
      Function<List<Example>, ExampleBatch> collate) {
    return new BucketedFeed<>(examples, Example::length, budget, seed, collate);
  }

  /** Puts examples side by side, changed at random. */
  @FunctionalInterface
  interface Collate {
    /**
     * Makes a batch.
     *
     * @param seed of this batch in this epoch
     */
    ExampleBatch of(List<Example> chosen, long seed);
  }

  /** Batches of examples that are other ones in each epoch. */
  static Feed<ExampleBatch> freshFeed(
      List<Example> examples,
      ToIntFunction<Example> length,
      TokenBudget budget,
      long seed,
      Collate collate) {
    Feed<List<Example>> plain = new BucketedFeed<>(examples, length, budget, seed, List::copyOf);
    return number -> {
      Feed.Epoch<List<Example>> epoch = plain.epoch(number);
      return new Feed.Epoch<>() {
        @Override
        public int size() {
          return epoch.size();
        }

        @Override
        public ExampleBatch load(int batch) {
          return collate.of(epoch.load(batch), Seeds.mix(seed, number, batch));
        }

        @Override
        public String describe(int batch) {
          return epoch.describe(batch);
        }
      };
    };
  }

  /**
   * Other scores of a model that has learned, and of simpler ways, by name.
   *
   * @param feed of what is scored on
   */
  default Map<String, Double> beside(Model model, Feed<ExampleBatch> feed) {
    return Map.of();
  }

  /** The score of a model. */
  default Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return Evaluation.loss(ModelObjective.of(model, next()), feed);
  }
}
