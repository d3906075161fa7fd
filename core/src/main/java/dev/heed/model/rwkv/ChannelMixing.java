package dev.heed.model.rwkv;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.StatefulMixer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * RWKV-4's feed-forward network: {@code σ(r) ⊙ W_v max(k, 0)²}, r and k from a token and the one
 * before (Peng et al. 2023, equation 18).
 */
final class ChannelMixing extends Module implements StatefulMixer {
  private final Tensor shareOfKeys;
  private final Tensor shareOfReceptance;
  private final Linear key;
  private final Linear receptance;
  private final HalvedMap value;

  /**
   * A network.
   *
   * @param size of the tokens' vectors
   * @param inner values between both maps
   * @param halvings of what it gives
   */
  ChannelMixing(Weights weights, long size, long inner, int halvings) {
    super(weights);
    shareOfKeys = TimeMixing.share(weights, "time_mix_key", size);
    shareOfReceptance = TimeMixing.share(weights, "time_mix_receptance", size);
    key = Linear.of(weights.child("key"), size, inner, false);
    receptance = Linear.of(weights.child("receptance"), size, size, false);
    value = new HalvedMap(Linear.of(weights.child("value"), inner, size, false), halvings);
  }

  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      DecodeState state = request.state();
      TokenShift shift = TokenShift.of(x, state, path() + ".state.0");
      Tensor keys = key.apply(shift.mixed(shareOfKeys)).relu().square();
      Tensor gate = receptance.apply(shift.mixed(shareOfReceptance)).sigmoid();
      return gate.mul(value.apply(keys, request.trace()));
    });
  }
}
