package dev.heed.train.recipe;

import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.util.List;

/** Vectors of two texts each, of a model without a head: the second stands where labels would. */
interface VectorTask extends TextTask {
  /** Two texts, as far as the model reads. */
  static Example example(String first, String second, Tokens tokens) {
    return Example.of(
        tokens.tokenizer().encode(first).truncatedTo(tokens.longest()),
        tokens.tokenizer().ids(second, tokens.longest()));
  }

  @Override
  default List<String> heads() {
    return List.of();
  }

  @Override
  default boolean isBare() {
    return true;
  }

  @Override
  default Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(examples, budget, seed, chosen -> ExampleBatch.ofPairs(chosen, padding));
  }
}
