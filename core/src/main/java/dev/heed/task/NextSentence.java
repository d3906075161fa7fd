package dev.heed.task;

import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelOutput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.text.Encoding;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says how probable it is that a text follows another: BERT's next sentence (Devlin et al. 2019,
 * section 3.1), or ALBERT's order of sentences (Lan et al. 2020, section 3.1).
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class NextSentence implements AutoCloseable {
  private final TextModel model;

  private NextSentence(TextModel model) {
    this.model = model;
  }

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static NextSentence open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException for missing, invalid or unsupported files, and
   *     for a model without a head for it
   */
  public static NextSentence open(ModelFiles files, @Nullable DType dtype) {
    return new NextSentence(TextModel.open(files, dtype, Task.NEXT));
  }

  /** The probability that the second text follows the first. */
  public double follows(String first, String second) {
    return follows(List.of(new TextPair(first, second)))[0];
  }

  /**
   * The probability of each pair that its second text follows its first.
   *
   * @throws IllegalArgumentException for a text alone
   */
  public double[] follows(List<TextPair> pairs) {
    for (TextPair pair : pairs) {
      if (pair.second() == null) {
        throw new IllegalArgumentException("next: expected two texts, got one");
      }
    }
    return probabilities(pairs.stream().map(pair -> pair.encode(model)).toList());
  }

  /** Whether a pair is longer than the model reads. */
  public boolean cuts(TextPair pair) {
    return pair.fit(model).cut();
  }

  private double[] probabilities(List<Encoding> pairs) {
    return model
        .read(
            pairs,
            (output, row, pair) -> Probabilities.softmax(TextModel.row(scores(output), row))[0])
        .stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private static Tensor scores(ModelOutput output) {
    return Stream.of("seq_relationship_logits", "sop_logits")
        .filter(name -> output.get(name) != null)
        .map(output::require)
        .findFirst()
        .orElseGet(output::logits);
  }

  /** The words for and against that the second text follows, by how far it falls without each. */
  public Evidence explain(TextPair pair) {
    double follows = follows(List.of(pair))[0];
    return new Evidence(
        String.format(Locale.ROOT, "follows: %.3f", follows),
        "How much the probability falls where a word is hidden: strong colours decided.",
        List.of(
            new Evidence.Marked(
                "Words for and against",
                DecidingWords.of(
                    pair.encode(model),
                    pair.first(),
                    pair.secondOrEmpty(),
                    model.mask(),
                    this::probabilities))));
  }

  @Override
  public void close() {
    model.close();
  }
}
