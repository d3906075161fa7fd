package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * A decoder that reads the whole text again for every token: what {@code use_cache} false means,
 * which differs where decoding step by step is an approximation of its own (Reformer).
 */
final class WithoutCache extends DecodingOtherwise {
  private static final String TEXT = "text";

  /** Over a model, which stays as it is and is not closed with this one. */
  WithoutCache(Model model) {
    super(model);
  }

  @Override
  Model before(Model other) {
    return new WithoutCache(other);
  }

  @Override
  protected void run(Run run) {
    ModelInput input = run.input();
    Tensor ids = input.require("input_ids");
    DecodeState state = input.state();
    Tensor before = state == null ? null : state.get(TEXT);
    Tensor text = before == null ? ids : Tensor.cat(List.of(before, ids), 1);
    ModelInput whole =
        ModelInput.of("input_ids", text).with("attention_mask", input.get("attention_mask"));
    try (DecodeState none = new DecodeState()) {
      for (Map.Entry<String, Tensor> result :
          model().apply(whole.with(none), run.trace()).values().entrySet()) {
        Tensor value = result.getValue();
        boolean byToken = value.rank() == 3 && value.size(1) == text.size(1);
        run.put(
            result.getKey(),
            byToken ? value.narrow(1, text.size(1) - ids.size(1), ids.size(1)) : value);
      }
    }
    if (state != null) {
      state.replace(TEXT, text);
      state.advance(ids.size(1));
    }
  }
}
