package dev.heed.attention.additive;

import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * A window around one source position a query: {@code [⌊p⌋ - D, ⌊p⌋ + D]}, cut at the sentence.
 *
 * <p>Monotonic (local-m): {@code p = min(t, S - 1)}. Predictive (local-p): {@code p = S · sigmoid(v
 * · tanh(W q))}, and weights are multiplied by {@code exp(-(s - p)² / 2σ²)}, {@code σ = D / 2},
 * without normalising them again; gradients flow through {@code p} in this factor only.
 *
 * <p>Source: Luong, Pham, Manning 2015, section 3.2, equations 9 and 10; positions count from 0.
 */
public final class LocalAlignment {
  private final long reach;
  private final @Nullable Linear position;
  private final @Nullable Linear height;

  private LocalAlignment(long reach, @Nullable Linear position, @Nullable Linear height) {
    if (reach < 1) {
      throw new IllegalArgumentException("reach: expected D of at least 1, got " + reach);
    }
    this.reach = reach;
    this.position = position;
    this.height = height;
  }

  /** Local-m: the window moves on with the target. */
  static LocalAlignment monotonic(long reach) {
    return new LocalAlignment(reach, null, null);
  }

  /** Local-p, with parameters {@code linear_position.weight} W and {@code v_position.weight} v. */
  static LocalAlignment predictive(Weights weights, long reach, long size) {
    return new LocalAlignment(
        reach,
        Linear.of(weights.child("linear_position"), size, size, false),
        Linear.of(weights.child("v_position"), size, 1, false));
  }

  /**
   * The windows' centres {@code p}, {@code [B, Tq]}.
   *
   * @param query {@code [B, Tq, size]}
   * @param lengths i64 {@code [B]}
   * @param firstStep the target step of the first query, from 0
   */
  public Tensor centre(Tensor query, Tensor lengths, long firstStep) {
    return TensorScope.run(() -> {
      Tensor length = lengths.unsqueeze(1).to(query.dtype());
      if (position == null || height == null) {
        Tensor steps = Tensor.arange(query.size(1), query.dtype()).add(firstStep).unsqueeze(0);
        return steps.minimum(length.sub(1));
      }
      return height.apply(position.apply(query).tanh()).squeeze(-1).sigmoid().mul(length);
    });
  }

  /** The windows {@code [B, Tq, size]}: which source positions a query may look at. */
  public Tensor window(Tensor centre, Tensor lengths, long size) {
    return TensorScope.run(() -> {
      Tensor distance = places(size, centre.dtype()).sub(centre.floor().unsqueeze(2)).abs();
      return distance.le(reach).and(Alignment.within(lengths, size));
    });
  }

  /** Weights {@code [B, Tq, S]} from scores of the same shape. */
  Tensor weights(Tensor scores, Tensor query, Tensor lengths, long firstStep) {
    return TensorScope.run(() -> {
      Tensor centre = centre(query, lengths, firstStep);
      long size = scores.size(-1);
      Tensor weights = Alignment.softmax(scores, window(centre, lengths, size));
      if (position == null) {
        return weights;
      }
      double deviation = reach / 2.0;
      Tensor distance = places(size, scores.dtype()).sub(centre.unsqueeze(2));
      return weights.mul(distance.square().div(-2 * deviation * deviation).exp());
    });
  }

  private static Tensor places(long size, DType dtype) {
    return Tensor.arange(size, dtype).reshape(1, 1, size);
  }
}
