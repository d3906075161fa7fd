package dev.heed.attention;

import dev.heed.attention.position.ClippedKeyPositions;
import dev.heed.attention.position.DisentangledPositions;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.attention.position.RelativeSinusoids;
import dev.heed.attention.position.ShawRelativePositions;
import dev.heed.attention.score.ScoreBias;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.nn.Dropout;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention with a learned vector for each distance: {@code softmax(scale ·
 * (q·kᵀ + positions(q, k))) · v}, and whose output may have a term of positions too.
 *
 * <p>Without such a term the fused kernel computes it, unless weights are wanted.
 */
public final class RelativeAttention implements AttentionMechanism {
  private final ScoreTerm scoreTerm;
  private final @Nullable UnaryOperator<Tensor> outputTerm;
  private final double scale;
  private final Dropout dropout;

  /** What positions add to scores before they are scaled. */
  @FunctionalInterface
  public interface ScoreTerm {
    /**
     * Computes it.
     *
     * @param q {@code [B, H, Tq, D]}
     * @param k {@code [B, H, Tk, D]}
     * @param trace the run's
     * @return {@code [B or 1, H, Tq, Tk]}
     */
    Tensor of(Tensor q, Tensor k, Trace trace);
  }

  private RelativeAttention(
      ScoreTerm scoreTerm,
      @Nullable UnaryOperator<Tensor> outputTerm,
      double scale,
      Dropout dropout) {
    this.scoreTerm = scoreTerm;
    this.outputTerm = outputTerm;
    this.scale = scale;
    this.dropout = dropout;
  }

  /**
   * Any term.
   *
   * @param scale of all scores; NaN stands for {@code 1 / √D}
   * @param dropout of weights while training
   */
  public static RelativeAttention of(ScoreTerm term, double scale, Dropout dropout) {
    return new RelativeAttention(term, null, scale, dropout);
  }

  /**
   * Vectors added to keys and values (Shaw et al. 2018, section 3.2).
   *
   * @param scale of all scores; NaN stands for {@code 1 / √D}
   * @param dropout of weights while training
   */
  public static RelativeAttention of(
      ShawRelativePositions positions, double scale, Dropout dropout) {
    return new RelativeAttention(
        (q, k, trace) -> positions.scores(q, k.size(2)), positions::output, scale, dropout);
  }

  /**
   * Vectors that meet queries, or queries and keys (Huang et al. 2020, section 4).
   *
   * @param scale of all scores; NaN stands for {@code 1 / √D}
   * @param dropout of weights while training
   */
  public static RelativeAttention of(
      RelativeKeyPositions positions, double scale, Dropout dropout) {
    return new RelativeAttention((q, k, trace) -> positions.scores(q, k), null, scale, dropout);
  }

  /**
   * Vectors that meet queries, keys or both through maps of the layer (He et al. 2021, section
   * 3.1).
   *
   * @param scale of all scores; NaN stands for {@code 1 / √D}
   * @param dropout of weights while training
   */
  public static RelativeAttention of(
      DisentangledPositions positions, double scale, Dropout dropout) {
    return new RelativeAttention(positions::scores, null, scale, dropout);
  }

  /**
   * Sinusoids of distances that meet queries, with biases of content and position (Dai et al. 2019,
   * section 3.3).
   *
   * @param scale of all scores; NaN stands for {@code 1 / √D}
   * @param dropout of weights while training
   */
  public static RelativeAttention of(RelativeSinusoids positions, double scale, Dropout dropout) {
    return new RelativeAttention(positions::scores, null, scale, dropout);
  }

  /**
   * Vectors that meet queries, as far to each side as the table reaches.
   *
   * @param scale of all scores; NaN stands for {@code 1 / √D}
   * @param dropout of weights while training
   */
  public static RelativeAttention of(ClippedKeyPositions positions, double scale, Dropout dropout) {
    return new RelativeAttention(
        (q, k, trace) -> positions.scores(q, k.size(2)), null, scale, dropout);
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor keys = ScaledDotProduct.perQueryHead(k, q);
      double factor = Double.isNaN(scale) ? 1 / Math.sqrt(q.size(-1)) : scale;
      ScoreModifier distance = new ScoreBias(scoreTerm.of(q, keys, request.trace()).mul(factor));
      ScoreModifier given = request.modifier();
      AttentionRequest changed =
          request.withModifier(given == null ? distance : distance.then(given));
      if (outputTerm == null) {
        return new ScaledDotProduct(factor, dropout).apply(q, k, v, changed);
      }
      Tensor scores =
          WrittenAttention.product(
              q.mul(factor), keys, request, (rows, x) -> rows.matmul(x.transpose(-2, -1)));
      AttentionOutput plain =
          WrittenAttention.read(scores, ScaledDotProduct.perQueryHead(v, q), changed, dropout);
      Tensor weights = plain.requireWeights();
      return new AttentionOutput(plain.output().add(outputTerm.apply(weights)), weights);
    });
  }
}
