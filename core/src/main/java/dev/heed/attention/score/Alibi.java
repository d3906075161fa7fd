package dev.heed.attention.score;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Attention with linear biases: {@code score - slope[head] · |query - key|} (Press et al. 2022,
 * section 3).
 *
 * @param slopes one a query head
 */
public record Alibi(List<Double> slopes) implements RelativeBias {
  /** Copies the slopes, which must be finite. */
  public Alibi {
    slopes = List.copyOf(slopes);
    if (!slopes.stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("ALiBi: expected finite slopes, got " + slopes);
    }
  }

  /** With the paper's slopes. */
  public static Alibi ofHeads(int heads) {
    return new Alibi(DoubleStream.of(slopes(heads)).boxed().toList());
  }

  /**
   * The paper's slopes: {@code 2^(-8(i+1)/n)} for a power of two {@code n}; otherwise those of the
   * largest power of two below, then every second one of twice that (the authors' {@code
   * get_slopes}).
   *
   * @param heads at least 1
   */
  public static double[] slopes(int heads) {
    if (heads < 1) {
      throw new IllegalArgumentException("ALiBi: expected 1 head or more, got " + heads);
    }
    int power = Integer.highestOneBit(heads);
    double[] slopes = new double[heads];
    for (int i = 0; i < heads; i++) {
      slopes[i] =
          i < power
              ? Math.pow(2, -8.0 * (i + 1) / power)
              : Math.pow(2, -4.0 * (2 * (i - power) + 1) / power);
    }
    return slopes;
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    sizes.requireHeads("ALiBi", slopes.size());
  }

  @Override
  public double biasOf(int head, int distance) {
    return -slopes.get(head) * Math.abs(distance);
  }

  @Override
  public void biases(int head, int distance, int count, float[] into, int at) {
    float slope = slopes.get(head).floatValue();
    for (int i = 0; i < count; i++) {
      into[at + i] = -slope * Math.abs(distance - i);
    }
  }

  @Override
  public Tensor modify(Tensor scores) {
    return TensorScope.run(() -> {
      long queries = scores.size(2);
      long keys = scores.size(3);
      Tensor query = Tensor.arange(queries, DType.I64).add(keys - queries).unsqueeze(1);
      Tensor distance = query.sub(Tensor.arange(keys, DType.I64)).abs().to(scores.dtype());
      double[] each = slopes.stream().mapToDouble(Double::doubleValue).toArray();
      Tensor slope = Tensor.of(each, each.length, 1, 1).to(scores.dtype());
      return scores.sub(distance.mul(slope));
    });
  }
}
