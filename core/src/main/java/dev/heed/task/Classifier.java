package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
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
  private final TextModel model;
  private final ClassScores classes;

  private Classifier(TextModel model) {
    this.model = model;
    this.classes = ClassScores.of(model.config());
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

  /** The names of the classes, by number. */
  public List<String> labels() {
    return classes.labels();
  }

  /** What the classes are to each other. */
  public Problem problem() {
    return classes.problem();
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
    return classify(texts, done -> {});
  }

  /**
   * The classes of several texts, in their order.
   *
   * @param progress is told after each batch how many texts are done, by whichever thread ran it;
   *     what it throws ends the work
   */
  public List<Classification> classify(List<TextPair> texts, IntConsumer progress) {
    List<FittedText> fitted = model.fit(texts);
    List<double[]> scores = scores(FittedText.encodings(fitted), progress);
    List<Classification> results = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      FittedText text = fitted.get(i);
      results.add(classes.classification(scores.get(i), text.cut(), text.tokens()));
    }
    return results;
  }

  /** What the model gives each class of each text. */
  private List<double[]> scores(List<Encoding> texts, IntConsumer progress) {
    return model.read(
        texts,
        (output, row, text) -> classes.scores(TextModel.row(output.logits(), row)),
        progress);
  }

  /**
   * The words that decided: how much the best label's score falls without each.
   *
   * @param text one text or a pair
   */
  public Evidence explain(TextPair text) {
    Encoding whole = text.encode(model);
    double[] scores = scores(List.of(whole), done -> {}).getFirst();
    int best = Probabilities.order(scores)[0];
    return new Evidence(
        String.format(Locale.ROOT, "%s %.3f", classes.labels().get(best), scores[best]),
        "How much the score falls where a word is hidden: strong colours decided.",
        List.of(
            new Evidence.Marked(
                "Words for and against " + classes.labels().get(best),
                DecidingWords.of(
                    whole,
                    text.first(),
                    text.secondOrEmpty(),
                    model.mask(),
                    variants ->
                        scores(variants, done -> {}).stream()
                            .mapToDouble(score -> score[best])
                            .toArray()))));
  }

  @Override
  public void close() {
    model.close();
  }
}
