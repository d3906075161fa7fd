package dev.heed.train.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The next token of running text, cut into blocks; scored by the loss in nats a token. */
record LanguageTask(List<Example> train, List<Example> valid) implements TextTask {
  static LanguageTask of(ExampleFile train, List<ExampleFile> valid, Tokens tokens) {
    List<Example> held = new ArrayList<>();
    valid.forEach(file -> held.addAll(blocks(file, tokens)));
    return new LanguageTask(blocks(train, tokens), held);
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
  public List<String> heads() {
    return List.of("ForCausalLM", "LMHeadModel");
  }

  @Override
  public boolean next() {
    return true;
  }
}
