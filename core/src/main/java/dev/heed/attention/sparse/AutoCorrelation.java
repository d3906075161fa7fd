package dev.heed.attention.sparse;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.tensor.DType;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Auto-correlation in place of attention: a series reads its values at the few delays at which
 * queries and keys agree most, by the softmax of how much they agree (Wu et al. 2021, section 3.2).
 *
 * <p>{@code R(τ) = Σ_t q_{t+τ}·k_t} over a series whose ends meet, by Fourier transforms, averaged
 * over heads and channels; with the {@code ⌊c·log T⌋} largest, {@code y_t = Σ softmax(R)_i ·
 * v_{t+τ_i}}. All heads of a series share the delays, and in a training run all series of the
 * batch, as in the authors' code. Keys and values are cut to the queries' length, or filled with
 * zeros.
 *
 * @param factor c, 1 to 3 in the paper
 * @param variant how transformers departs from it
 */
public record AutoCorrelation(int factor, Variant variant) implements AttentionMechanism {
  /** How transformers departs from the authors. */
  public enum Variant {
    /** As the authors have it. */
    AUTHORS,
    /**
     * Of more queries than keys only the first {@code Tq - Tk} are heard, and the rest are zeros:
     * so its checkpoints were trained.
     */
    TRANSFORMERS,
    /**
     * The same, and beside other series in a batch head h of series b reads by the delays of series
     * {@code (b·H + h) mod B}: a fault of its inference. What it gives as weights is R, {@code [B,
     * H, T, D]}. For comparing with what it recorded.
     */
    RECORDED
  }

  /** Checks the factor. */
  public AutoCorrelation {
    if (factor < 1) {
      throw new IllegalArgumentException("factor: expected at least 1, got " + factor);
    }
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    if (request.mask() != null || request.modifier() != null) {
      throw new IllegalArgumentException(
          "auto-correlation: expected no mask and plain scores, got "
              + (request.mask() != null ? request.mask() : request.modifier())
              + "; it reads whole series at delays");
    }
    return TensorScope.run(() -> {
      long time = q.size(2);
      Tensor values = fitted(ScaledDotProduct.perQueryHead(v, q), time);
      if (time == 0 || k.size(2) == 0) {
        return AttentionOutput.of(values);
      }
      Tensor keys = fitted(ScaledDotProduct.perQueryHead(k, q), time);
      Tensor correlation = correlation(heard(q, k.size(2)), keys, time); // [B, H, D, T]
      boolean trains = request.trace().dropoutGenerator() != null;
      Delays delays = delays(correlation.mean(2, false).mean(1, false), q.size(1), trains);
      if (variant == Variant.RECORDED) {
        return new AttentionOutput(read(values, delays), correlation.transpose(2, 3));
      }
      if (!request.weights() && !request.wants("pattern")) {
        return AttentionOutput.of(read(values, delays));
      }
      Tensor map = request.visit("pattern", delays.map(time).to(v.dtype()));
      return new AttentionOutput(map.matmul(values), fittedKeys(map, k.size(2)));
    });
  }

  /**
   * Where a series reads and how much.
   *
   * @param places i64 {@code [B, H, n]}
   * @param shares {@code [B, H, n]}, rows sum to 1
   */
  private record Delays(Tensor places, Tensor shares) {
    /** {@code [B, H, T, T]}. */
    Tensor map(long time) {
      long[] sizes = {places.size(0), places.size(1), time, time};
      Tensor keys =
          Tensor.arange(time, DType.I64)
              .reshape(1, 1, time, 1)
              .add(places.unsqueeze(2))
              .remainder(time);
      Tensor each = shares.unsqueeze(2).expand(keys.shape().toArray());
      return Tensor.zeros(Shape.of(sizes), shares.dtype()).scatterAdd(3, keys, each);
    }
  }

  private Tensor heard(Tensor q, long keys) {
    return variant == Variant.AUTHORS || q.size(2) <= keys ? q : q.narrow(2, 0, q.size(2) - keys);
  }

  /** {@code [B, H, T', D]} cut to {@code time} or filled with zeros. */
  private static Tensor fitted(Tensor x, long time) {
    long missing = time - x.size(2);
    return missing <= 0 ? x.narrow(2, 0, time) : x.pad(0, 0, 0, 0, missing);
  }

  /** A map over keys that were cut or filled, over those there are. */
  private static Tensor fittedKeys(Tensor map, long keys) {
    long missing = keys - map.size(3);
    return missing <= 0 ? map.narrow(3, 0, keys) : map.pad(0, 0, missing);
  }

  /** R of every head and channel, {@code [B, H, D, T]}. */
  private static Tensor correlation(Tensor q, Tensor k, long time) {
    Tensor queries = q.widened().transpose(2, 3);
    return Fourier.correlation(queries, k.widened().transpose(2, 3), time).to(q.dtype());
  }

  /**
   * The delays of each head.
   *
   * @param agreement R averaged, {@code [B, T]}
   */
  private Delays delays(Tensor agreement, long heads, boolean trains) {
    long batch = agreement.size(0);
    long time = agreement.size(1);
    long count = Math.min((long) (factor * Math.log(time)), time);
    Tensor places = (trains ? agreement.mean(0, true) : agreement).topk(count, 1).indices();
    Tensor all = places.expand(batch, count);
    Tensor shares = agreement.gather(1, all).softmax(1);
    if (variant == Variant.RECORDED && !trains) {
      Tensor rows = Tensor.arange(batch * heads, DType.I64).remainder(batch);
      return new Delays(
          all.indexSelect(0, rows).unflatten(0, batch, heads),
          shares.indexSelect(0, rows).unflatten(0, batch, heads));
    }
    return new Delays(
        all.unsqueeze(1).expand(batch, heads, count),
        shares.unsqueeze(1).expand(batch, heads, count));
  }

  /** {@code Σ shares_i · v_{t+τ_i}}, {@code [B, H, T, D]}. */
  private static Tensor read(Tensor v, Delays delays) {
    long time = v.size(2);
    Tensor steps = Tensor.arange(time, DType.I64).reshape(1, 1, time, 1);
    Tensor sum = v.mul(0);
    for (long i = 0; i < delays.places().size(2); i++) {
      Tensor at = delays.places().narrow(2, i, 1).unsqueeze(3).add(steps).remainder(time);
      Tensor share = delays.shares().narrow(2, i, 1).unsqueeze(3);
      sum = sum.add(v.gather(2, at.expand(-1, -1, -1, v.size(3))).mul(share));
    }
    return sum;
  }
}
