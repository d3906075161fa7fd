package dev.heed.model.rwkv;

import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The average of values by channel that RWKV-4 has in place of attention: {@code y[t] = (Σ_{i<t}
 * exp(−(t − 1 − i) w + k[i]) v[i] + exp(u + k[t]) v[t]) / (the same without v)} (Peng et al. 2023,
 * equation 16).
 *
 * <p>Sums are held divided by {@code exp(largest)}, so that nothing overflows (appendix D).
 *
 * @param weighted {@code [B, size]}, the sum above the line
 * @param weights {@code [B, size]}, the sum below it
 * @param largest {@code [B, size]}, the greatest exponent so far
 */
record DecayingAverage(Tensor weighted, Tensor weights, Tensor largest) {
  private static final double LEAST = -1e30;

  /** What an average gives, and what it leaves to the next tokens. */
  record Result(Tensor output, DecayingAverage next) {}

  /** Before the first token. */
  static DecayingAverage start(Tensor keys) {
    Shape shape = Shape.of(keys.size(0), keys.size(2));
    return new DecayingAverage(
        Tensor.zeros(shape, keys.dtype()),
        Tensor.zeros(shape, keys.dtype()),
        Tensor.full(shape, LEAST, keys.dtype()));
  }

  /**
   * Takes the next tokens.
   *
   * @param decay −w, {@code [size]}, negative
   * @param bonus u, {@code [size]}
   * @param keys {@code [B, T, size]}
   * @param values {@code [B, T, size]}
   */
  Result apply(Tensor decay, Tensor bonus, Tensor keys, Tensor values) {
    return TensorScope.run(() -> {
      DecayingAverage sums = this;
      List<Tensor> outputs = new ArrayList<>();
      for (long t = 0; t < keys.size(1); t++) {
        Tensor key = keys.select(1, t);
        Tensor value = values.select(1, t);
        DecayingAverage present = sums.with(sums.largest(), key.add(bonus), value);
        outputs.add(present.weighted().div(present.weights()));
        sums = sums.with(sums.largest().add(decay), key, value);
      }
      return new Result(Tensor.stack(outputs, 1), sums);
    });
  }

  /** The sums, whose exponent has become {@code before}, and one value more. */
  private DecayingAverage with(Tensor before, Tensor key, Tensor value) {
    Tensor most = before.maximum(key);
    Tensor old = before.sub(most).exp();
    Tensor own = key.sub(most).exp();
    return new DecayingAverage(
        old.mul(weighted).add(own.mul(value)), old.mul(weights).add(own), most);
  }
}
