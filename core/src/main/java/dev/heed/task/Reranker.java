package dev.heed.task;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.text.Encoding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Ranks documents by how well they answer a query, reading both together: a cross-encoder (Nogueira
 * and Cho, Passage Re-ranking with BERT, 2019).
 *
 * <p>The score is {@code 1 / (1 + exp(-logit))}, or the logit itself where the config's {@code
 * sentence_transformers.activation_fn} (or the older {@code sbert_ce_default_activation_function})
 * says {@code Identity}.
 *
 * <p>Immutable; any number of threads may use it at once.
 */
public final class Reranker implements AutoCloseable {
  private final TextModel model;
  private final boolean squashes;

  private Reranker(TextModel model, boolean squashes) {
    this.model = model;
    this.squashes = squashes;
  }

  /**
   * A document and its score.
   *
   * @param index its place among those that were given, from 0
   * @param score higher is better
   * @param tokens how many tokens of the query and the document were read, special ones included
   * @param cut whether both together were longer than the model reads, so that their end was not
   *     read
   */
  public record Ranked(int index, double score, int tokens, boolean cut) {}

  /** Opens a folder, its weights as they are stored; see {@link #open(ModelFiles, DType)}. */
  public static Reranker open(Path folder) {
    return open(ModelFiles.folder(folder), null);
  }

  /**
   * Opens a checkpoint.
   *
   * @param dtype what weights are converted to, or null for their own type
   * @return owned by the caller
   * @throws CheckpointException for missing, invalid or unsupported files, and for a model that
   *     does not give a pair of texts one score
   */
  public static Reranker open(ModelFiles files, @Nullable DType dtype) {
    TextModel model = TextModel.open(files, dtype, Task.RERANK);
    try {
      List<String> labels = model.config().labels();
      if (labels.size() != 1) {
        throw new CheckpointException(
            Kind.UNSUPPORTED,
            files.describe() + ", id2label",
            "one score for a pair of texts",
            labels.size() + " classes " + labels,
            "This one fits: classify.");
      }
      return new Reranker(model, squashes(model.config()));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static boolean squashes(ModelConfig config) {
    JsonNode own = config.json().path("sentence_transformers").path("activation_fn");
    JsonNode named =
        own.isString() ? own : config.json().path("sbert_ce_default_activation_function");
    if (!named.isString()) {
      return true;
    }
    String name = named.stringValue();
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "Sigmoid" -> true;
      case "Identity" -> false;
      default -> throw config.unsupported("activation_fn", "Sigmoid or Identity", named);
    };
  }

  /** The score of each document. */
  public double[] scores(String query, List<String> documents) {
    return judge(query, documents, done -> {}).stream().mapToDouble(Ranked::score).toArray();
  }

  private double[] scores(List<Encoding> pairs, IntConsumer progress) {
    return model
        .read(pairs, (output, row, pair) -> TextModel.row(output.logits(), row)[0], progress)
        .stream()
        .mapToDouble(logit -> squashes ? Probabilities.sigmoid(logit) : logit)
        .toArray();
  }

  /**
   * The documents in the order in which they were given.
   *
   * @param progress is told after each batch how many documents are done, by whichever thread ran
   *     it; what it throws ends the work
   */
  public List<Ranked> judge(String query, List<String> documents, IntConsumer progress) {
    List<FittedText> pairs =
        model.fit(documents.stream().map(document -> new TextPair(query, document)).toList());
    double[] scores = scores(FittedText.encodings(pairs), progress);
    return IntStream.range(0, scores.length)
        .mapToObj(i -> new Ranked(i, scores[i], pairs.get(i).tokens(), pairs.get(i).cut()))
        .toList();
  }

  /** The documents, best first. */
  public List<Ranked> rank(String query, List<String> documents) {
    return rank(query, documents, done -> {});
  }

  /**
   * The documents, best first.
   *
   * @param progress as for {@link #judge}
   */
  public List<Ranked> rank(String query, List<String> documents, IntConsumer progress) {
    List<Ranked> judged = judge(query, documents, progress);
    double[] scores = judged.stream().mapToDouble(Ranked::score).toArray();
    return Arrays.stream(Probabilities.order(scores)).mapToObj(judged::get).toList();
  }

  /** The words of a query and a document that speak for and against each other. */
  public Evidence explain(String query, String document) {
    return new Evidence(
        String.format(Locale.ROOT, "%.3f", scores(query, List.of(document))[0]),
        "How much the score falls where a word is hidden: strong colours decided.",
        List.of(
            new Evidence.Marked(
                "The query, and the document from the next line",
                DecidingWords.of(
                    model.encode(query, document),
                    query,
                    document,
                    model.mask(),
                    variants -> scores(variants, done -> {})))));
  }

  @Override
  public void close() {
    model.close();
  }
}
