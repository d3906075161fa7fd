package dev.heed.mixer.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.position.RelativeSinusoids;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * {@link RelativeMemoryAttention} with the residual and the norm around it, as a layer of
 * Transformer-XL begins (Dai et al. 2019, section 3.3).
 */
public final class TransformerXlAttention extends Module {
  private static final double NORM_EPSILON = 1e-5;

  private final RelativeMemoryAttention attention;
  private final LayerNorm norm;
  private final boolean normFirst;

  /**
   * The sizes.
   *
   * @param model of the hidden states
   * @param heads how many
   * @param head of each head
   * @param normFirst whether the norm stands before the projections (pre-norm) or after the
   *     residual sum
   * @param distances what stands for a distance
   */
  public record Size(
      int model, int heads, int head, boolean normFirst, RelativeSinusoids.Distances distances) {
    /** Transformer-XL's distances. */
    public Size(int model, int heads, int head, boolean normFirst) {
      this(model, heads, head, normFirst, RelativeSinusoids.Distances.TRANSFORMER_XL);
    }
  }

  /**
   * With the parameters of {@link RelativeMemoryAttention} and {@code layer_norm} below {@code
   * weights}.
   *
   * @param biases where {@code r_w_bias} (u) and {@code r_r_bias} (v) stand: all layers of a model
   *     may share them
   */
  public TransformerXlAttention(Weights weights, Weights biases, Size size) {
    super(weights);
    this.attention =
        new RelativeMemoryAttention(
            weights,
            biases,
            new RelativeMemoryAttention.Kind(
                size.model(), size.heads(), size.head(), size.distances(), new Dropout(0)));
    this.norm = new LayerNorm(weights.child("layer_norm"), size.model(), NORM_EPSILON);
    this.normFirst = size.normFirst();
  }

  /**
   * Reads a segment and what came before it, and adds that to the segment, with the norm before or
   * after: {@code x + attention(norm(x))} or {@code norm(x + attention(x))}.
   *
   * @param x the segment, {@code [B, T, model]}
   * @param memory earlier hidden states of this layer's input, {@code [B, M, model]}, M may be 0
   * @return output {@code [B, T, model]}, weights {@code [B, H, T, M + T]}
   */
  public AttentionOutput apply(Tensor x, Tensor memory) {
    return apply(x, memory, Trace.NONE);
  }

  /** The same, traced as {@link RelativeMemoryAttention} is. */
  public AttentionOutput apply(Tensor x, Tensor memory, Trace trace) {
    return TensorScope.run(() -> {
      AttentionOutput read =
          normFirst
              ? attention.apply(norm.apply(x), norm.apply(memory), trace)
              : attention.apply(x, memory, trace);
      Tensor sum = x.add(read.output());
      return new AttentionOutput(normFirst ? sum : norm.apply(sum), read.weights());
    });
  }
}
