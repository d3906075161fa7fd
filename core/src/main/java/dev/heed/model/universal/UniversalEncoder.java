package dev.heed.model.universal;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.model.universal.AdaptiveHalting.Pondering;
import dev.heed.model.universal.UniversalConfig.Variant;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * An encoder that applies one layer again and again, so that depth is time (Dehghani et al. 2018,
 * section 2.1).
 *
 * <p>Before each step the sinusoids of the position and of the step are added: {@code H = layer(H +
 * P_position + P_step)}.
 */
public final class UniversalEncoder extends Module {
  private final UniversalConfig config;
  private final Linear projection;
  private final SharedLayer layer;
  private final @Nullable AdaptiveHalting halting;

  /** An encoder under the public PyTorch implementation's names. */
  public UniversalEncoder(Weights weights, UniversalConfig config) {
    super(weights);
    this.config = config;
    this.projection =
        Linear.of(weights.child("embedding_proj"), config.inputSize(), config.size(), false);
    this.layer = new SharedLayer(weights.child("enc"), config);
    this.halting =
        config.halting() ? new AdaptiveHalting(weights.child("act_fn"), config.size()) : null;
    if (config.variant() == Variant.PYTORCH) {
      // That implementation makes a last norm and never applies it.
      weights.ignore("layer_norm.gamma", "layer_norm.beta");
    }
  }

  /**
   * Encodes vectors.
   *
   * <p>Point: {@code enc.multi_head_attention.pattern [B, heads, T, T]} of the last step.
   *
   * @param x {@code [B, T, inputSize]}
   * @return the states after the last step and, if the encoder halts by itself, how it got there;
   *     without halting {@code halting} and {@code remainders} are zeros
   */
  public Pondering apply(Tensor x, Trace trace) {
    if (x.rank() != 3 || x.size(-1) != config.inputSize()) {
      throw new ShapeException(
          "universal encoder: expected [B, T, " + config.inputSize() + "], got " + x.shape());
    }
    return TensorScope.run(() -> {
      Tensor state = projection.apply(x);
      long rows = Math.max(x.size(1), config.steps());
      Tensor table = SinusoidalPositions.TENSOR2TENSOR.table(0, rows, config.size(), x.dtype());
      Tensor places = table.narrow(0, 0, x.size(1));
      if (halting != null) {
        return halting.run(
            state,
            config.steps(),
            (now, step) -> now.add(places).add(table.select(0, step)),
            now -> layer.apply(now, trace));
      }
      for (int step = 0; step < config.steps(); step++) {
        state = layer.apply(state.add(places).add(table.select(0, step)), trace);
      }
      Tensor zeros = Tensor.zeros(state.select(-1, 0).shape(), state.dtype());
      return new Pondering(state, state, zeros, zeros, zeros.add(config.steps()));
    });
  }
}
