package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.task.Classification.Label;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says which class a text, or a pair of texts, is of, by any checkpoint with a head for it.
 *
 * <p>The probabilities of classes that exclude each other are {@code softmax(logits)}; where the
 * config's {@code problem_type} says {@code multi_label_classification}, or there is one class
 * alone, each is {@code 1 / (1 + exp(-logit))}; of {@code regression} the numbers stay as they are.
 * Classes have the names of {@code id2label}, without it {@code LABEL_0}, {@code LABEL_1} …
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class Classifier implements AutoCloseable {
  private static final double LIKELIER_THAN_NOT = 0.5;

  private final TextModel model;
  private final List<String> labels;
  private final Problem problem;

  private Classifier(TextModel model) {
    this.model = model;
    this.labels = model.config().labels();
    this.problem = problem(model.config(), labels.size());
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static Classifier open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model without a head for classes
   */
  public static Classifier open(ModelFiles files, @Nullable DType dtype) {
    return new Classifier(TextModel.open(files, dtype, Task.CLASSIFY));
  }

  private static Problem problem(ModelConfig config, int labels) {
    Problem given = Problem.of(config);
    if (given != null) {
      return given;
    }
    return labels == 1 ? Problem.MULTI_LABEL_CLASSIFICATION : Problem.SINGLE_LABEL_CLASSIFICATION;
  }

  /** The names of the classes, by number. */
  public List<String> labels() {
    return labels;
  }

  /** What the classes are to each other. */
  public Problem problem() {
    return problem;
  }

  /** The classes of a text. */
  public Classification classify(String text) {
    return classify(List.of(new TextPair(text, null))).getFirst();
  }

  /** The classes of a pair of texts. */
  public Classification classify(String text, String pair) {
    return classify(List.of(new TextPair(text, pair))).getFirst();
  }

  /** The classes of several texts, in their order. */
  public List<Classification> classify(List<TextPair> texts) {
    List<Encoding> encoded = texts.stream().map(text -> text.encode(model)).toList();
    List<double[]> scores = scores(encoded);
    List<Classification> results = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      results.add(classification(scores.get(i), texts.get(i).isCutBy(model)));
    }
    return results;
  }

  /** What the model gives each class of each text. */
  private List<double[]> scores(List<Encoding> texts) {
    return model.read(texts, (output, row, text) -> scores(TextModel.row(output.logits(), row)));
  }

  private double[] scores(double[] logits) {
    return switch (problem) {
      case REGRESSION -> logits;
      case SINGLE_LABEL_CLASSIFICATION -> Probabilities.softmax(logits);
      case MULTI_LABEL_CLASSIFICATION ->
          Arrays.stream(logits).map(Probabilities::sigmoid).toArray();
    };
  }

  private Classification classification(double[] scores, boolean cut) {
    List<Label> all =
        Arrays.stream(Probabilities.order(scores))
            .mapToObj(i -> new Label(labels.get(i), scores[i]))
            .toList();
    List<String> chosen =
        switch (problem) {
          case REGRESSION -> List.of();
          case SINGLE_LABEL_CLASSIFICATION -> List.of(all.getFirst().name());
          case MULTI_LABEL_CLASSIFICATION ->
              all.stream()
                  .filter(label -> label.score() > LIKELIER_THAN_NOT)
                  .map(Label::name)
                  .toList();
        };
    return new Classification(all, chosen, cut);
  }

  /**
   * The words that decided: how much the best label's score falls without each.
   *
   * @param text one text or a pair
   */
  public Evidence explain(TextPair text) {
    Encoding whole = text.encode(model);
    double[] scores = scores(List.of(whole)).getFirst();
    int best = Probabilities.order(scores)[0];
    return new Evidence(
        String.format(Locale.ROOT, "%s %.3f", labels.get(best), scores[best]),
        "How much the score falls where a word is hidden: strong colours decided.",
        List.of(
            new Evidence.Marked(
                "Words for and against " + labels.get(best),
                DecidingWords.of(
                    whole,
                    text.first(),
                    text.secondOrEmpty(),
                    model.mask(),
                    variants ->
                        scores(variants).stream().mapToDouble(score -> score[best]).toArray()))));
  }

  @Override
  public void close() {
    model.close();
  }
}
