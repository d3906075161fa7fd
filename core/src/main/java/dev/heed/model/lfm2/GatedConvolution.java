package dev.heed.model.lfm2;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.StatefulMixer;
import dev.heed.mixer.statespace.CausalConvolution;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LFM2's short convolution between two gates: {@code B, C, u = W_in x; y = W_out (C ⊙ conv(B ⊙
 * u))}.
 */
final class GatedConvolution extends Module implements StatefulMixer {
  private final Linear input;
  private final CausalConvolution convolution;
  private final Linear output;

  /**
   * A mixer.
   *
   * @param taps of the convolution
   * @param bias whether the convolution and both maps have biases
   */
  GatedConvolution(Weights weights, long size, long taps, boolean bias) {
    super(weights);
    input = Linear.of(weights.child("in_proj"), size, 3 * size, bias);
    convolution = new CausalConvolution(weights.child("conv"), size, taps, bias);
    output = Linear.of(weights.child("out_proj"), size, size, bias);
  }

  /** Padding is zeroed before the first map. */
  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      DecodeState state = request.state();
      Tensor kept = keep == null ? x : x.mul(keep.to(x.dtype()).unsqueeze(-1));
      List<Tensor> parts = input.apply(kept).transpose(1, 2).chunk(3, 1);
      Tensor gated = parts.get(0).mul(parts.get(2));
      Tensor mixed = convolution.apply(gated, state, path() + ".conv_state");
      return output.apply(parts.get(1).mul(mixed).transpose(1, 2));
    });
  }
}
