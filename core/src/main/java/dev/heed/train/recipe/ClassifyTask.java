package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.text.Encoding;
import dev.heed.text.Tokenizer;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import dev.heed.train.data.TokenBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * One class of a text or a pair of texts, scored by accuracy; that of each file too, where several
 * are scored on.
 *
 * @param classes that occur in what is learned from, sorted
 * @param alike words that change places in what is learned from
 * @param parts the files that what is scored on comes from, in its order
 */
record ClassifyTask(
    List<String> classes,
    AlikeWords alike,
    List<Example> train,
    List<Example> valid,
    List<Split.Part> parts)
    implements TextTask {
  private static final String LABEL = "label";

  static ClassifyTask of(Split rows, List<List<String>> alike, Tokens tokens) {
    TreeSet<String> names = new TreeSet<>();
    rows.learned().forEach(row -> names.add(row.require(LABEL)));
    if (names.size() < 2) {
      throw new IllegalArgumentException(
          "examples to classify: expected two classes or more, got " + names);
    }
    List<String> classes = List.copyOf(names);
    return new ClassifyTask(
        classes,
        new AlikeWords(alike, classes, tokens.tokenizer()),
        examples(rows.learned(), classes, tokens),
        examples(rows.held(), classes, tokens),
        rows.parts());
  }

  private static List<Example> examples(
      List<ExampleFile.Row> rows, List<String> classes, Tokens tokens) {
    List<Example> examples = new ArrayList<>();
    for (ExampleFile.Row row : rows) {
      int label = classes.indexOf(row.require(LABEL));
      if (label < 0) {
        throw new IllegalArgumentException(
            row.where()
                + ": expected one of the classes "
                + classes
                + " that are learned, got "
                + row.require(LABEL));
      }
      String second = row.columns().get("text2");
      Tokenizer tokenizer = tokens.tokenizer();
      Encoding encoding =
          second == null
              ? tokenizer.encode(row.require("text"))
              : tokenizer.encode(row.require("text"), second);
      examples.add(Example.of(encoding.truncatedTo(tokens.longest()), label));
    }
    return examples;
  }

  @Override
  public List<String> heads() {
    return List.of("ForSequenceClassification");
  }

  @Override
  public boolean flat() {
    return true;
  }

  @Override
  public Feed<ExampleBatch> learned(TokenBudget budget, long seed, long padding) {
    if (alike.isEmpty()) {
      return feed(train, budget, seed, padding);
    }
    return TextTask.freshFeed(
        train,
        Example::length,
        budget,
        seed,
        (chosen, own) -> {
          SplittableRandom random = new SplittableRandom(own);
          List<Example> changed = chosen.stream().map(one -> alike.apply(one, random)).toList();
          return ExampleBatch.of(changed, padding, true);
        });
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("accuracy", true, () -> Guesses.accuracy(classes, model, feed.epoch(0)));
  }

  @Override
  public Map<String, Double> beside(Model model, Feed<ExampleBatch> feed) {
    if (parts.size() < 2) {
      return Map.of();
    }
    Set<Example> right = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Guesses.Batch batch : Guesses.of(model, feed.epoch(0))) {
      for (int row = 0; row < batch.examples().size(); row++) {
        Example example = batch.examples().get(row);
        if (batch.guesses()[row] == example.labels()[0]) {
          right.add(example);
        }
      }
    }
    Map<String, List<Example>> files = new LinkedHashMap<>();
    int from = 0;
    for (Split.Part part : parts) {
      files
          .computeIfAbsent(part.file(), file -> new ArrayList<>())
          .addAll(valid.subList(from, from + part.rows()));
      from += part.rows();
    }
    Map<String, Double> beside = new LinkedHashMap<>();
    files.forEach((file, own) ->
        beside.put(
            "accuracy of " + file,
            own.stream().filter(right::contains).count() / (double) own.size()));
    return beside;
  }
}
