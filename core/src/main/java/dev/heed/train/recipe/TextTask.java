package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.train.Evaluation;
import dev.heed.train.data.BucketedFeed;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.util.List;
import java.util.function.Function;

/** What is learned: how texts become examples, what stands on the model, and how it is scored. */
interface TextTask {
  /** How the names of fitting architectures end; empty for the checkpoint's own. */
  List<String> heads();

  /** The classes, or none. */
  List<String> classes();

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

  /** The score of a model. */
  default Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return Evaluation.loss(ModelObjective.of(model, next()), feed);
  }
}
