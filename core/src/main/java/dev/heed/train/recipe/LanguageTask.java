package dev.heed.train.recipe;

import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The next token of running text, cut into blocks, or of texts each by itself; scored by the loss
 * in nats a token.
 */
record LanguageTask(List<Example> train, List<Example> valid) implements TextTask {
  /** Running text. */
  static LanguageTask of(ExampleFile train, List<ExampleFile> valid, Tokens tokens) {
    List<Example> held = new ArrayList<>();
    valid.forEach(file -> held.addAll(blocks(file, tokens)));
    return new LanguageTask(blocks(train, tokens), held);
  }

  /** Texts each by itself: columns {@code text}; what is longer than the model reads is cut. */
  static LanguageTask of(List<ExampleFile.Row> train, List<ExampleFile.Row> valid, Tokens tokens) {
    return new LanguageTask(texts(train, tokens), texts(valid, tokens));
  }

  private static List<Example> texts(List<ExampleFile.Row> rows, Tokens tokens) {
    List<Example> examples = new ArrayList<>();
    for (ExampleFile.Row row : rows) {
      long[] ids = tokens.tokenizer().ids(row.require("text"), tokens.longest());
      if (ids.length < 2) {
        throw new IllegalArgumentException(
            row.where() + ": expected a text of two tokens or more, got " + ids.length);
      }
      examples.add(new Example(ids, new long[ids.length], ids));
    }
    return examples;
  }

  /** Blocks of the model's length; the last one may be shorter, and needs a token to predict. */
  private static List<Example> blocks(ExampleFile file, Tokens tokens) {
    String text = String.join("\n", file.lines());
    long[] ids = tokens.tokenizer().encode(text, null, false).ids();
    List<Example> blocks = new ArrayList<>();
    for (int from = 0; from < ids.length; from += tokens.longest()) {
      long[] block = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + tokens.longest()));
      if (block.length > 1) {
        blocks.add(new Example(block, new long[block.length], block));
      }
    }
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(
          file.path() + ": expected a text of two tokens or more, got " + ids.length);
    }
    return blocks;
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.feed(examples, budget, seed, chosen -> ExampleBatch.ofRunning(chosen, padding));
  }

  @Override
  public List<String> heads() {
    return List.of("ForCausalLM", "LMHeadModel");
  }

  @Override
  public boolean next() {
    return true;
  }
}
