package dev.heed.train.recipe;

import dev.heed.evaluate.EntityScore;
import dev.heed.evaluate.TagScheme;
import dev.heed.model.Model;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.text.Encoding;
import dev.heed.text.Side;
import dev.heed.text.Token;
import dev.heed.text.Truncation;
import dev.heed.text.Window;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * A tag for each word. A word's first token learns it, and the others that they are within; scored
 * by the first tokens, with the F1 of entities as conlleval counts them. Sentences that are too
 * long are cut into windows.
 *
 * @param classes the tags that occur in what is learned from, sorted
 */
record EntitiesTask(List<String> classes, List<Example> train, List<Example> valid)
    implements TextTask {
  /** A sentence. */
  private record Sentence(List<String> words, List<String> tags, int line) {}

  static EntitiesTask of(ExampleFile train, List<ExampleFile> valid, Tokens tokens) {
    List<Sentence> learned = sentences(train);
    TreeSet<String> tags = new TreeSet<>();
    learned.forEach(sentence -> tags.addAll(sentence.tags()));
    List<String> classes = List.copyOf(tags);
    List<Example> held = new ArrayList<>();
    for (ExampleFile file : valid) {
      held.addAll(examples(file, sentences(file), classes, tokens));
    }
    return new EntitiesTask(classes, examples(train, learned, classes, tokens), held);
  }

  private static List<Sentence> sentences(ExampleFile file) {
    List<Sentence> sentences = new ArrayList<>();
    List<String> words = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    List<String> lines = new ArrayList<>(file.lines());
    lines.add("");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank()) {
        if (!words.isEmpty()) {
          sentences.add(new Sentence(List.copyOf(words), List.copyOf(tags), i));
        }
        words.clear();
        tags.clear();
        continue;
      }
      String[] columns = line.split("\t", -1);
      if (columns.length != 2 || columns[0].isBlank() || columns[1].isBlank()) {
        throw new IllegalArgumentException(
            file.path() + ", line " + (i + 1) + ": expected a word, a tab and a tag, got " + line);
      }
      words.add(columns[0]);
      tags.add(columns[1]);
    }
    if (sentences.isEmpty()) {
      throw new IllegalArgumentException(file.path() + ": expected sentences, got none");
    }
    return sentences;
  }

  private static List<Example> examples(
      ExampleFile file, List<Sentence> sentences, List<String> classes, Tokens tokens) {
    List<Example> examples = new ArrayList<>();
    for (Sentence sentence : sentences) {
      long[] labels = new long[sentence.tags().size()];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = classes.indexOf(sentence.tags().get(i));
        if (labels[i] < 0) {
          throw new IllegalArgumentException(
              file.path()
                  + ", the sentence before line "
                  + (sentence.line() + 1)
                  + ": expected one of the tags "
                  + classes
                  + " that are learned, got "
                  + sentence.tags().get(i));
        }
      }
      examples.addAll(examples(sentence.words(), labels, within(labels, classes), tokens));
    }
    return examples;
  }

  /** The tags of what goes on where these begin: I- for B-, if there is such a tag. */
  private static long[] within(long[] labels, List<String> classes) {
    return Arrays.stream(labels)
        .map(label -> {
          int inner = classes.indexOf(classes.get((int) label).replaceFirst("^B-", "I-"));
          return inner < 0 ? label : inner;
        })
        .toArray();
  }

  private static List<Example> examples(
      List<String> words, long[] labels, long[] within, Tokens tokens) {
    String text = String.join(" ", words);
    int[] wordAt = new int[text.length() + 1];
    Arrays.fill(wordAt, -1);
    int at = 0;
    for (int word = 0; word < words.size(); word++) {
      Arrays.fill(wordAt, at, at + words.get(word).length(), word);
      at += words.get(word).length() + 1;
    }
    Encoding whole = tokens.tokenizer().encode(text);
    List<Example> examples = new ArrayList<>();
    boolean[] labelled = new boolean[words.size()];
    Window window = new Window(tokens.longest(), 0, Truncation.LONGEST_FIRST, Side.RIGHT);
    for (Encoding part : whole.windows(window)) {
      long[] own = new long[part.size()];
      long[] scored = new long[part.size()];
      Arrays.fill(own, CrossEntropy.IGNORED);
      Arrays.fill(scored, CrossEntropy.IGNORED);
      for (int i = 0; i < own.length; i++) {
        Token token = part.tokens().get(i);
        // A token may begin with the space before its word; it ends within it.
        int word = token.special() || token.end() <= token.start() ? -1 : wordAt[token.end() - 1];
        if (word >= 0) {
          own[i] = labelled[word] ? within[word] : labels[word];
          scored[i] = labelled[word] ? CrossEntropy.IGNORED : labels[word];
          labelled[word] = true;
        }
      }
      examples.add(new Example(part.ids(), part.typeIds(), own, scored));
    }
    return examples;
  }

  @Override
  public List<String> heads() {
    return List.of("ForTokenClassification");
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation(
        "f1",
        true,
        () -> {
          List<List<String>> actual = new ArrayList<>();
          List<List<String>> predicted = new ArrayList<>();
          for (Guesses.Batch batch : Guesses.of(model, feed.epoch(0))) {
            for (int row = 0; row < batch.examples().size(); row++) {
              List<String> right = new ArrayList<>();
              List<String> guessed = new ArrayList<>();
              long[] labels = batch.examples().get(row).scored();
              for (int i = 0; i < labels.length; i++) {
                if (labels[i] >= 0) {
                  right.add(classes.get((int) labels[i]));
                  guessed.add(classes.get((int) batch.guesses()[row * batch.width() + i]));
                }
              }
              actual.add(right);
              predicted.add(guessed);
            }
          }
          return EntityScore.measure(TagScheme.LENIENT, actual, predicted).value("f1");
        });
  }
}
