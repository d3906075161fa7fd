package dev.heed.mixer.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

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
   */
  public record Size(int model, int heads, int head, boolean normFirst) {}

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
        new RelativeMemoryAttention(weights, biases, size.model(), size.heads(), size.head());
    this.norm = new LayerNorm(weights.child("layer_norm"), size.model(), NORM_EPSILON);
    this.normFirst = size.normFirst();
  }

  /**
   * Sinusoids of the distances {@code length - 1 … 0}: {@code [sin(p·f) | cos(p·f)]}.
   *
   * @param frequencies {@code [size / 2]}
   * @return {@code [length, size]}
   */
  public static Tensor distances(Tensor frequencies, long length) {
    return TensorScope.run(() -> {
      Tensor distance = Tensor.arange(length, frequencies.dtype()).flip(0).unsqueeze(1);
      Tensor angles = distance.mul(frequencies.unsqueeze(0));
      return Tensor.cat(List.of(angles.sin(), angles.cos()), 1);
    });
  }

  /** The frequencies {@code 10000^(-2i / size)}. */
  public static Tensor frequencies(long size, DType dtype) {
    return TensorScope.run(
        () -> Tensor.arange(size / 2, dtype).mul(-2.0 * Math.log(10000) / size).exp());
  }

  /**
   * Attends.
   *
   * @param x the segment, {@code [B, T, model]}
   * @param memory earlier hidden states of this layer's input, {@code [B, M, model]}, M may be 0
   * @param distances as {@link #distances} gives for length {@code M + T}
   * @return output {@code [B, T, model]}, weights {@code [B, H, T, M + T]}
   */
  public AttentionOutput apply(Tensor x, Tensor memory, Tensor distances) {
    return TensorScope.run(() -> {
      AttentionOutput read =
          normFirst
              ? attention.apply(norm.apply(x), norm.apply(memory), distances)
              : attention.apply(x, memory, distances);
      Tensor sum = x.add(read.output());
      return new AttentionOutput(normFirst ? sum : norm.apply(sum), read.weights());
    });
  }
}
