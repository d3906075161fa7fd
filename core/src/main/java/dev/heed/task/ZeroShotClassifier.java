package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification.Label;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import dev.heed.text.Side;
import dev.heed.text.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says which of any labels fits a text, by a model that tells whether a text entails another.
 *
 * <p>Each label becomes a hypothesis, {@code "This example is {}."} (Yin, Hay and Roth,
 * Benchmarking Zero-shot Text Classification, EMNLP 2019). Where one label excludes the others, the
 * probabilities are the softmax of their entailment logits; else each label's is that of entailment
 * against contradiction.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class ZeroShotClassifier implements AutoCloseable {
  /** The usual hypothesis. */
  public static final String TEMPLATE = "This example is {}.";

  private static final String HOLE = "{}";

  private final TextModel model;
  private final int entailment;
  private final int contradiction;

  private ZeroShotClassifier(TextModel model, int entailment, int contradiction) {
    this.model = model;
    this.entailment = entailment;
    this.contradiction = contradiction;
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static ZeroShotClassifier open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws CheckpointException for missing, invalid or unsupported files, and for a model none of
   *     whose classes is called entailment
   */
  public static ZeroShotClassifier open(ModelFiles files, @Nullable DType dtype) {
    TextModel model = TextModel.open(files, dtype, Task.CLASSIFY);
    List<String> labels = model.config().labels();
    int entailment = beginning(labels, "entail");
    if (entailment < 0 || labels.size() < 2) {
      model.close();
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          files.describe() + ", id2label",
          "a model that tells whether texts follow from others, with a class called entailment",
          labels.toString(),
          "Classify by the model's own classes, without labels.");
    }
    int contradiction = beginning(labels, "contra");
    if (contradiction < 0) {
      contradiction = entailment == 0 ? labels.size() - 1 : 0;
    }
    return new ZeroShotClassifier(model, entailment, contradiction);
  }

  private static int beginning(List<String> labels, String prefix) {
    return IntStream.range(0, labels.size())
        .filter(i -> labels.get(i).toLowerCase(Locale.ROOT).startsWith(prefix))
        .findFirst()
        .orElse(-1);
  }

  /** The probabilities of labels of which one holds. */
  public Classification classify(String text, List<String> labels) {
    return classify(text, labels, TEMPLATE, false);
  }

  /**
   * The probabilities of labels.
   *
   * @param labels one or more
   * @param template a hypothesis with {@code {}} where the label belongs
   * @param several whether any number of the labels may hold; a label alone is always judged so
   * @throws IllegalArgumentException for no label, or a template without its hole
   */
  public Classification classify(
      String text, List<String> labels, String template, boolean several) {
    if (labels.isEmpty() || !template.contains(HOLE)) {
      throw new IllegalArgumentException(
          "zero-shot: expected a label or more and a template with {}, got "
              + labels
              + " and \""
              + template
              + "\"");
    }
    List<FittedText> pairs = labels.stream().map(label -> pair(text, label, template)).toList();
    List<double[]> logits = logits(FittedText.encodings(pairs));
    boolean apart = several || labels.size() == 1;
    double[] scores =
        apart
            ? logits.stream().mapToDouble(this::against).toArray()
            : Probabilities.softmax(
                logits.stream().mapToDouble(each -> each[entailment]).toArray());
    List<Label> all = new ArrayList<>();
    List<String> chosen = new ArrayList<>();
    for (int i : Probabilities.order(scores)) {
      all.add(new Label(labels.get(i), scores[i]));
      if (apart ? scores[i] > 0.5 : chosen.isEmpty()) {
        chosen.add(labels.get(i));
      }
    }
    return new Classification(
        all,
        chosen,
        pairs.stream().anyMatch(FittedText::cut),
        pairs.stream().mapToInt(FittedText::tokens).sum());
  }

  private double against(double[] logits) {
    return Probabilities.softmax(logits[contradiction], logits[entailment])[1];
  }

  private List<double[]> logits(List<Encoding> pairs) {
    return model.read(pairs, (output, row, pair) -> TextModel.row(output.logits(), row));
  }

  /** Of a long text the end is cut, never the hypothesis. */
  private FittedText pair(String text, String label, String template) {
    Encoding whole = model.tokenizer().encode(text, template.replace(HOLE, label));
    int longest = model.longest();
    return new FittedText(
        whole.truncatedTo(longest, Truncation.ONLY_FIRST, Side.RIGHT), whole.size() > longest);
  }

  /** The words for and against the best label, by how far its entailment falls without each. */
  public Evidence explain(String text, List<String> labels, String template, boolean several) {
    Label best = classify(text, labels, template, several).best();
    String hypothesis = template.replace(HOLE, best.name());
    return new Evidence(
        String.format(Locale.ROOT, "%s %.3f", best.name(), best.score()),
        "How much entailment falls where a word is hidden: strong colours decided.",
        List.of(
            new Evidence.Marked(
                "Words for and against: " + hypothesis,
                DecidingWords.of(
                    pair(text, best.name(), template).encoding(),
                    text,
                    hypothesis,
                    model.mask(),
                    variants -> logits(variants).stream().mapToDouble(this::against).toArray()))));
  }

  @Override
  public void close() {
    model.close();
  }
}
