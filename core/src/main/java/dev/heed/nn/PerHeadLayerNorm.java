package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.IntStream;

/** A layer norm of each head's queries or keys with a gain of its own and no bias (Cohere). */
public final class PerHeadLayerNorm extends Module implements Norm {
  private final List<Tensor> gains;
  private final double epsilon;

  private PerHeadLayerNorm(Weights weights, List<Tensor> gains, double epsilon) {
    super(weights);
    this.gains = gains;
    this.epsilon = epsilon;
  }

  /** With one parameter {@code weight [heads, size]}. */
  public static PerHeadLayerNorm of(Weights weights, long heads, long size, double epsilon) {
    return new PerHeadLayerNorm(
        weights, List.of(weights.parameter("weight", Initializer.ONES, heads, size)), epsilon);
  }

  /** With a parameter {@code h.weight [size]} for each head (StableLM). */
  public static PerHeadLayerNorm listed(Weights weights, int heads, long size, double epsilon) {
    return new PerHeadLayerNorm(
        weights,
        IntStream.range(0, heads)
            .mapToObj(h -> weights.parameter(h + ".weight", Initializer.ONES, size))
            .toList(),
        epsilon);
  }

  /** Normalises {@code [B, heads, T, size]}. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor gain = Tensor.cat(gains, 0).reshape(x.size(1), 1, x.size(3));
      return x.layerNorm(null, null, epsilon).mul(gain);
    });
  }
}
