package dev.heed.nn.loss;

import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * InfoNCE: each query's own key against other keys, {@code -log(exp(cos(q, k⁺)/τ) / Σ exp(cos(q,
 * k)/τ))}, averaged over the queries (van den Oord et al. 2018, equation 4). Rows are normalised to
 * length 1 first.
 *
 * @param temperature τ, above 0; a scale of s is a temperature of 1/s
 */
public record ContrastiveLoss(double temperature) {
  private static final double LEAST_LENGTH = 1e-12;

  /** Checks the range. */
  public ContrastiveLoss {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "contrastive loss: expected a temperature above 0, got " + temperature);
    }
  }

  /**
   * The other rows' keys are the negatives: multiple negatives ranking (Henderson et al. 2017).
   *
   * @param queries {@code [N, D]}
   * @param keys {@code [N, D]}, row i belonging to query i
   */
  public Tensor inBatch(Tensor queries, Tensor keys) {
    return TensorScope.run(
        () -> diagonal(unit(queries).matmul(unit(keys).transpose(0, 1)).div(temperature)));
  }

  /**
   * One set of negatives for all queries (He et al. 2020, equation 1).
   *
   * @param negatives {@code [M, D]}
   */
  public Tensor sharedNegatives(Tensor queries, Tensor keys, Tensor negatives) {
    return TensorScope.run(() -> {
      Tensor q = unit(queries);
      return first(q, keys, q.matmul(unit(negatives).transpose(0, 1)));
    });
  }

  /**
   * Negatives of its own for each query.
   *
   * @param negatives {@code [N, M, D]}
   */
  public Tensor ownNegatives(Tensor queries, Tensor keys, Tensor negatives) {
    return TensorScope.run(() -> {
      Tensor q = unit(queries);
      return first(q, keys, unit(negatives).matmul(q.unsqueeze(-1)).squeeze(-1));
    });
  }

  private Tensor first(Tensor q, Tensor keys, Tensor others) {
    Tensor own = q.mul(unit(keys)).sum(-1, true);
    Tensor logits = Tensor.cat(List.of(own, others), 1).div(temperature);
    return Loss.crossEntropy(logits, Tensor.zeros(Shape.of(q.size(0)), DType.I64));
  }

  /**
   * NT-Xent (Chen et al. 2020, equation 1): among all 2N views each one looks for the other view of
   * its own, itself left out.
   *
   * @param first {@code [N, D]}
   * @param second {@code [N, D]}, the other view of each row
   */
  public Tensor views(Tensor first, Tensor second) {
    return TensorScope.run(() -> {
      long count = first.size(0);
      Tensor all = unit(Tensor.cat(List.of(first, second), 0));
      Tensor itself = Tensor.eye(2 * count, DType.BOOL);
      Tensor logits =
          all.matmul(all.transpose(0, 1))
              .div(temperature)
              .maskedFill(itself, Double.NEGATIVE_INFINITY);
      return Loss.crossEntropy(logits, Tensor.arange(2 * count, DType.I64).roll(count, 0));
    });
  }

  /**
   * What CLIP computes.
   *
   * @param logitsPerText {@code [N, N]}
   * @param loss a scalar
   */
  public record Clip(Tensor logitsPerText, Tensor loss) {}

  /**
   * CLIP's symmetric loss (Radford et al. 2021, figure 3): {@code logits = exp(scale) · text ·
   * imageᵀ}, and the mean of the cross entropies of rows and columns.
   *
   * @param texts {@code [N, D]}
   * @param images {@code [N, D]}, row i belonging to text i
   * @param logScale a learned scalar
   */
  public static Clip clip(Tensor texts, Tensor images, Tensor logScale) {
    return TensorScope.run(() -> {
      Tensor logits = unit(texts).matmul(unit(images).transpose(0, 1)).mul(logScale.exp());
      Tensor loss = diagonal(logits).add(diagonal(logits.transpose(0, 1))).div(2);
      return new Clip(logits, loss);
    });
  }

  private static Tensor diagonal(Tensor logits) {
    return Loss.crossEntropy(logits, Tensor.arange(logits.size(0), DType.I64));
  }

  private static Tensor unit(Tensor rows) {
    return rows.div(rows.norm(-1, true).clamp(LEAST_LENGTH, Double.POSITIVE_INFINITY));
  }
}
