package dev.heed.train.recipe;

import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** One text from another; scored by the loss in nats a written token. */
record TranslateTask(List<Example> train, List<Example> valid) implements TextTask {
  static TranslateTask of(List<ExampleFile.Row> train, List<ExampleFile.Row> valid, Tokens tokens) {
    return new TranslateTask(examples(train, tokens), examples(valid, tokens));
  }

  private static List<Example> examples(List<ExampleFile.Row> rows, Tokens tokens) {
    Tokenizer tokenizer = tokens.tokenizer();
    List<Example> examples = new ArrayList<>();
    for (ExampleFile.Row row : rows) {
      examples.add(
          Example.of(
              tokenizer.encode(row.require("source")).truncatedTo(tokens.longest()),
              tokenizer.target().ids(row.require("target"), tokens.longest())));
    }
    return examples;
  }

  @Override
  public List<String> heads() {
    return List.of("ForConditionalGeneration", "MTModel");
  }
}
