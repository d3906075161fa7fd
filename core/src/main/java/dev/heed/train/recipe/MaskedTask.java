package dev.heed.train.recipe;

import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.train.data.Feed;
import dev.heed.train.data.Seeds;
import dev.heed.train.data.TokenBudget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Hidden tokens, other ones in each epoch; scored by the loss in nats a hidden token. */
record MaskedTask(List<Example> train, List<Example> valid, MaskedWords words) implements TextTask {
  static MaskedTask of(
      ExampleFile train, List<ExampleFile> valid, Tokens tokens, double share, long vocabulary) {
    Tokenizer tokenizer = tokens.tokenizer();
    Set<Long> special = new HashSet<>();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      if (tokenizer.isSpecial(id)) {
        special.add((long) id);
      }
    }
    int mask =
        tokenizer
            .id(TokenRole.MASK)
            .orElseGet(() ->
                tokenizer
                    .id("[MASK]")
                    .orElseGet(() ->
                        tokenizer
                            .id("<mask>")
                            .orElseThrow(() ->
                                new IllegalArgumentException(
                                    "masked words: expected a tokenizer with a mask token, got"
                                        + " none; take the task language instead"))));
    List<Example> held = new ArrayList<>();
    valid.forEach(file -> held.addAll(texts(file, tokens)));
    MaskedWords words = new MaskedWords(share, mask, vocabulary, special);
    return new MaskedTask(texts(train, tokens), held, words);
  }

  private static List<Example> texts(ExampleFile file, Tokens tokens) {
    List<Example> texts = new ArrayList<>();
    for (String line : file.lines()) {
      if (!line.isBlank()) {
        texts.add(Example.of(tokens.tokenizer().encode(line).truncatedTo(tokens.longest())));
      }
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(file.path() + ": expected lines of text, got none");
    }
    return texts;
  }

  @Override
  public List<String> heads() {
    return List.of("ForMaskedLM");
  }

  @Override
  public Feed<ExampleBatch> feed(
      List<Example> examples, TokenBudget budget, long seed, long padding) {
    return TextTask.freshFeed(
        examples,
        Example::length,
        budget,
        seed,
        (chosen, own) -> {
          List<Example> hidden = new ArrayList<>();
          for (int row = 0; row < chosen.size(); row++) {
            hidden.add(words.hide(chosen.get(row), Seeds.mix(own, row)));
          }
          return ExampleBatch.of(hidden, padding, false);
        });
  }
}
