package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Map;

/**
 * A decoder whose states stay in their rows while beams change theirs: what the reference computes
 * where its beam search does not know the cache by its name ({@code cache_params} of Mamba). Its
 * texts then go on from another beam's state; for comparing with what it recorded only.
 */
final class StatesInPlace extends DecodingOtherwise {
  private DecodeState own = new DecodeState();

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
    Tensor ids = run.input().require("input_ids");
    DecodeState state = run.state();
    ModelInput input =
        ModelInput.of("input_ids", ids)
            .with("attention_mask", run.input().get("attention_mask"))
            .with("position_ids", run.input().get("position_ids"));
    if (state == null) {
      throw new IllegalArgumentException("states in place: expected a search with a state");
    }
    if (state.length() == 0) {
      own.close();
      own = new DecodeState();
    } else {
      spread(ids.size(0));
    }
    for (Map.Entry<String, Tensor> result :
        model().apply(input.with(own), run.trace()).values().entrySet()) {
      run.put(result.getKey(), result.getValue());
    }
    state.advance(ids.size(1));
  }

  /** Frees the states of the last search. */
  void forget() {
    own.close();
  }

  /** Every sequence becomes as many neighbouring rows as it has beams. */
  private void spread(long rows) {
    long before = own.states().values().iterator().next().size(0);
    if (before != rows) {
      own.reorder(Tensor.arange(before, DType.I64).repeatInterleave(rows / before, 0));
    }
  }
}
