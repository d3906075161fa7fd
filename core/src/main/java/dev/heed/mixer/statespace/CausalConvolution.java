package dev.heed.mixer.statespace;

import dev.heed.attention.DecodeState;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A short convolution of each channel over the tokens so far: {@code y[t] = Σₖ w[k] x[t − K + 1 +
 * k] + b}, zeros before the first token.
 *
 * <p>It goes on from a window of the last K inputs.
 */
public final class CausalConvolution extends Module {
  private final long channels;
  private final long taps;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  /**
   * What a part of a sequence gives.
   *
   * @param output {@code [B, channels, L]}
   * @param window the last inputs, {@code [B, channels, K]}
   */
  public record Result(Tensor output, Tensor window) {}

  /**
   * With parameters {@code weight [channels, 1, K]} and {@code bias [channels]}.
   *
   * @param taps K, from 1
   */
  public CausalConvolution(Weights weights, long channels, long taps, boolean withBias) {
    super(weights);
    this.channels = channels;
    this.taps = taps;
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(taps));
    weight = weights.parameter("weight", uniform, channels, 1, taps);
    bias = withBias ? weights.parameter("bias", uniform, channels) : null;
  }

  /** The window before the first token of so many sequences. */
  public Tensor start(long batch) {
    return Tensor.zeros(Shape.of(batch, channels, taps), weight.dtype());
  }

  /**
   * Goes on where earlier tokens ended.
   *
   * @param x {@code [B, channels, L]}, L from 1
   * @param window from {@link #start} or the part before
   */
  public Result apply(Tensor x, Tensor window) {
    return TensorScope.run(() -> {
      Tensor seen = Tensor.cat(List.of(window, x), -1);
      Tensor reached = seen.narrow(-1, 1, seen.size(-1) - 1);
      Tensor output = Convolution.conv1d(reached, weight, bias, new Geometry(1, 0, 1, channels));
      return new Result(output, seen.narrow(-1, seen.size(-1) - taps, taps).copy());
    });
  }

  /**
   * Goes on from what a state holds, and leaves the next window there.
   *
   * @param x {@code [B, channels, L]}, L from 1
   * @param state null for a single call
   * @param name of the window in the state
   * @return {@code [B, channels, L]}
   */
  public Tensor apply(Tensor x, @Nullable DecodeState state, String name) {
    return TensorScope.run(() -> {
      Tensor before = state == null ? null : state.get(name);
      Result result = apply(x, before == null ? start(x.size(0)) : before);
      if (state != null) {
        state.replace(name, result.window());
      }
      return result.output();
    });
  }
}
