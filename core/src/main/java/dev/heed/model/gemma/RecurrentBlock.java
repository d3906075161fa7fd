package dev.heed.model.gemma;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.recurrent.RgLru;
import dev.heed.mixer.statespace.CausalConvolution;
import dev.heed.nn.Activation;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Griffin's recurrent block: {@code W_o (act(W_y u) ⊙ RG-LRU(conv(W_x u)))} (De et al. 2024,
 * section 2.3).
 */
final class RecurrentBlock extends Module implements SequenceMixer {
  private final Linear gate;
  private final Linear input;
  private final CausalConvolution convolution;
  private final RgLru recurrence;
  private final Linear output;
  private final Activation activation;

  /**
   * Sizes.
   *
   * @param size of a token's vector
   * @param width channels of the recurrence
   * @param blocks of its gates' matrices
   * @param taps of the convolution
   */
  record Sizes(long size, long width, int blocks, int taps) {}

  RecurrentBlock(Weights weights, Sizes sizes, Activation activation) {
    super(weights);
    this.activation = activation;
    gate = Linear.of(weights.child("linear_y"), sizes.size(), sizes.width());
    input = Linear.of(weights.child("linear_x"), sizes.size(), sizes.width());
    convolution =
        new CausalConvolution(weights.child("conv_1d"), sizes.width(), sizes.taps(), true);
    recurrence = new RgLru(weights.child("rg_lru"), sizes.width(), sizes.blocks());
    output = Linear.of(weights.child("linear_out"), sizes.width(), sizes.size());
  }

  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return AttentionOutput.of(
        TensorScope.run(() -> {
          DecodeState state = request.state();
          Tensor convolved =
              convolution.apply(input.apply(x).transpose(1, 2), state, path() + ".conv_state");
          String name = path() + ".recurrent_state";
          Tensor before = state == null ? null : state.get(name);
          Tensor restarts = restarts(x, request.positions(), before != null);
          Tensor states = recurrence.apply(convolved, restarts, before);
          if (state != null) {
            state.replace(name, states.select(-1, states.size(-1) - 1).copy());
          }
          return output.apply(activation.apply(gate.apply(x)).mul(states.transpose(1, 2)));
        }));
  }

  /** Where a text begins: truth values {@code [B or 1, T]}, or null for nowhere. */
  private static @Nullable Tensor restarts(Tensor x, @Nullable Tensor positions, boolean goesOn) {
    if (positions == null) {
      return goesOn ? null : Tensor.arange(x.size(1), DType.I64).eq(0).unsqueeze(0);
    }
    Tensor first = positions.eq(0);
    return first.rank() == 1 ? first.unsqueeze(0) : first;
  }
}
