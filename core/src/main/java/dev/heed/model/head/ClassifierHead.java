package dev.heed.model.head;

import dev.heed.model.ModelConfig;
import dev.heed.model.Run;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Scores of classes for a whole sequence, with the loss that the config's {@code problem_type}
 * names; without one, regression for a single label, several labels for floating-point targets,
 * else one class.
 *
 * @param scores from the run and the state of the sequence {@code [B, H]} to {@code [B, labels]}
 * @param problem what the labels are, or null to infer it
 */
public record ClassifierHead(BiFunction<Run, Tensor, Tensor> scores, @Nullable Problem problem)
    implements Head {
  /** What labels are. */
  public enum Problem {
    /** Numbers, with the squared error as loss. */
    REGRESSION,
    /** One class of several, with cross entropy. */
    SINGLE_LABEL_CLASSIFICATION,
    /** Any of several, with binary cross entropy. */
    MULTI_LABEL_CLASSIFICATION;

    /** What a config's {@code problem_type} says, or null if it says nothing. */
    public static @Nullable Problem of(ModelConfig config) {
      var value = config.json().get("problem_type");
      if (value == null || value.isNull()) {
        return null;
      }
      for (Problem problem : values()) {
        if (value.isString()
            && value.stringValue().equals(problem.name().toLowerCase(Locale.ROOT))) {
          return problem;
        }
      }
      throw config.unsupported(
          "problem_type",
          "regression, single_label_classification or multi_label_classification",
          value);
    }
  }

  /**
   * BERT's: {@code W · dropout(pooled) + b}.
   *
   * @param classifier {@code [labels, H]}
   */
  public static ClassifierHead of(
      Weights classifier, long size, ModelConfig keys, Dropout dropout) {
    Linear map = Linear.of(classifier, size, keys.labels().size());
    return new ClassifierHead(
        (run, pooled) -> map.apply(dropout.apply(pooled, run.trace())), Problem.of(keys));
  }

  /** BERT's with one score, for each of several texts. */
  public static ClassifierHead ofChoices(Weights classifier, long size, Dropout dropout) {
    Linear map = Linear.of(classifier, size, 1);
    return new ClassifierHead((run, pooled) -> map.apply(dropout.apply(pooled, run.trace())), null);
  }

  /**
   * RoBERTa's: {@code out_proj(dropout(f(dense(dropout(first token)))))}.
   *
   * @param classifier the path of {@code dense} and {@code out_proj}
   */
  public static ClassifierHead dense(
      Weights classifier, long size, ModelConfig keys, Activation activation, Dropout dropout) {
    Linear dense = Linear.of(classifier.child("dense"), size, size);
    Linear out = Linear.of(classifier.child("out_proj"), size, keys.labels().size());
    return new ClassifierHead(
        (run, first) -> {
          Tensor inner = dense.apply(dropout.apply(first, run.trace()), activation);
          return out.apply(dropout.apply(inner, run.trace()));
        },
        Problem.of(keys));
  }

  @Override
  public boolean readsOneState() {
    return true;
  }

  @Override
  public void apply(Run run, Tensor hidden, @Nullable Tensor pooled) {
    Tensor logits = scores.apply(run, pooled == null ? hidden.select(1, 0) : pooled);
    run.put("logits", logits);
    Tensor labels = run.input().get("labels");
    if (labels != null) {
      run.put("loss", loss(logits, labels));
    }
  }

  /** The loss of scores {@code [B, labels]}. */
  public Tensor loss(Tensor logits, Tensor labels) {
    return switch (problem(logits, labels)) {
      case REGRESSION -> Loss.meanSquaredError(logits.flatten(0, -1), labels.flatten(0, -1));
      case SINGLE_LABEL_CLASSIFICATION -> Loss.crossEntropy(logits, labels.flatten(0, -1));
      case MULTI_LABEL_CLASSIFICATION -> Loss.binaryCrossEntropy(logits, labels);
    };
  }

  private Problem problem(Tensor logits, Tensor labels) {
    if (problem != null) {
      return problem;
    }
    if (logits.size(-1) == 1) {
      return Problem.REGRESSION;
    }
    return labels.dtype().isFloating()
        ? Problem.MULTI_LABEL_CLASSIFICATION
        : Problem.SINGLE_LABEL_CLASSIFICATION;
  }
}
