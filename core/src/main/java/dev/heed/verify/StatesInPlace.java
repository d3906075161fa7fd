package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.Run;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A decoder whose states of fixed size stay in their rows while beams change theirs: what the
 * reference computes where its beam search moves keys only (MiniMax), or does not know the cache by
 * its name ({@code cache_params} of Mamba). Its texts then go on from another beam's state; for
 * comparing with what it recorded only.
 */
final class StatesInPlace extends DecodingOtherwise {
  private final Map<String, Tensor> kept = new LinkedHashMap<>();

  /** Over a model, which stays as it is and is not closed with this one. */
  StatesInPlace(Model model) {
    super(model);
  }

  @Override
  Model before(Model other) {
    return new StatesInPlace(other);
  }

  @Override
  protected void run(Run run) {
    DecodeState state = run.state();
    if (state == null) {
      throw new IllegalArgumentException("states in place: expected a search with a state");
    }
    if (state.length() > 0) {
      long rows = run.input().require("input_ids").size(0);
      kept.forEach((name, value) -> state.replace(name, spread(value, rows)));
    }
    model().apply(run.input(), run.trace()).values().forEach(run::put);
    forget();
    state
        .states()
        .forEach(
            (name, value) -> kept.put(name, TensorScope.release(TensorScope.run(value::copy))));
  }

  /** Every sequence becomes as many neighbouring rows as it has beams. */
  private static Tensor spread(Tensor value, long rows) {
    return value.repeatInterleave(rows / value.size(0), 0);
  }

  /** Frees the states of the last call. */
  void forget() {
    kept.values().forEach(Tensor::close);
    kept.clear();
  }
}
