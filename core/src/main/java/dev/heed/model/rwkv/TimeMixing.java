package dev.heed.model.rwkv;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * RWKV-4's mixing along time: {@code W_o (σ(r) ⊙ average(k, v))}, each of r, k and v from a token
 * and the one before (Peng et al. 2023, section 3.1).
 *
 * <p>Where weights are wanted it gives its own output: what the reference calls its attentions.
 */
final class TimeMixing extends Module implements SequenceMixer {
  private final Tensor decay;
  private final Tensor bonus;
  private final Tensor shareOfKeys;
  private final Tensor shareOfValues;
  private final Tensor shareOfReceptance;
  private final Linear key;
  private final Linear value;
  private final Linear receptance;
  private final HalvedMap output;

  /**
   * A mixer.
   *
   * @param size of the tokens' vectors
   * @param inner channels of the average
   * @param halvings of what it gives
   */
  TimeMixing(Weights weights, long size, long inner, int halvings) {
    super(weights);
    decay = weights.parameter("time_decay", Initializer.uniform(1), inner);
    bonus = weights.parameter("time_first", Initializer.uniform(1), inner);
    shareOfKeys = share(weights, "time_mix_key", size);
    shareOfValues = share(weights, "time_mix_value", size);
    shareOfReceptance = share(weights, "time_mix_receptance", size);
    key = Linear.of(weights.child("key"), size, inner, false);
    value = Linear.of(weights.child("value"), size, inner, false);
    receptance = Linear.of(weights.child("receptance"), size, inner, false);
    output = new HalvedMap(Linear.of(weights.child("output"), inner, size, false), halvings);
  }

  /** How much of a token itself is read, by channel; half before training. */
  static Tensor share(Weights weights, String name, long size) {
    return weights.parameter(
        name, (shape, dtype, generator) -> Tensor.full(shape, 0.5, dtype), 1, 1, size);
  }

  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    Tensor mixed = TensorScope.run(() -> mixed(x, request.state(), request.trace()));
    return new AttentionOutput(mixed, request.weights() ? mixed : null);
  }

  private Tensor mixed(Tensor x, @Nullable DecodeState state, Trace trace) {
    TokenShift shift = TokenShift.of(x, state, path() + ".state.1");
    Tensor keys = key.apply(shift.mixed(shareOfKeys));
    Tensor values = value.apply(shift.mixed(shareOfValues));
    Tensor gate = receptance.apply(shift.mixed(shareOfReceptance)).sigmoid();
    DecayingAverage.Result average =
        before(keys, state).apply(decay.exp().neg(), bonus, keys, values);
    if (state != null) {
      state.replace(path() + ".state.2", average.next().weighted());
      state.replace(path() + ".state.3", average.next().weights());
      state.replace(path() + ".state.4", average.next().largest());
    }
    return output.apply(gate.mul(average.output()), trace);
  }

  private DecayingAverage before(Tensor keys, @Nullable DecodeState state) {
    Tensor weighted = state == null ? null : state.get(path() + ".state.2");
    Tensor weights = state == null ? null : state.get(path() + ".state.3");
    Tensor largest = state == null ? null : state.get(path() + ".state.4");
    return weighted == null || weights == null || largest == null
        ? DecayingAverage.start(keys)
        : new DecayingAverage(weighted, weights, largest);
  }
}
