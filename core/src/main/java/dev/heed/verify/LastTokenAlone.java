package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An encoder-decoder as its reference decodes with a cache: of the tokens that a call brings it
 * takes the last alone, and counts positions anew in every call (FSMT in transformers 5, which was
 * written for calls that bring the whole text). For comparing with what was recorded only: FSMT
 * itself takes all tokens, and counts on.
 */
final class LastTokenAlone extends DecodingOtherwise {
  private static final String IDS = "decoder_input_ids";

  private final long padding;

  private LastTokenAlone(Model model, long padding) {
    super(model);
    this.padding = padding;
  }

  /**
   * What decodes as the reference of a config does: the model itself, unless it is known not to.
   */
  static Model of(JsonNode config, Model model) {
    return config.path("model_type").asString("").equals("fsmt")
        ? new LastTokenAlone(model, config.path("pad_token_id").asLong(1))
        : model;
  }

  @Override
  Model before(Model other) {
    return new LastTokenAlone(other, padding);
  }

  @Override
  protected void run(Run run) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (String name : run.input().tensors().keySet()) {
      inputs.put(name, run.input().require(name));
    }
    DecodeState state = run.state();
    Tensor ids = inputs.get(IDS);
    if (state != null && ids != null) {
      long before = ids.size(1) - 1;
      inputs.put(IDS, ids.narrow(1, before, 1));
      Tensor real = ids.narrow(1, 0, before).ne(padding).to(DType.I64);
      inputs.put("decoder_position_ids", real.sum(1, true));
      inputs.remove("decoder_attention_mask");
    }
    model().apply(ModelInput.of(inputs).with(state), run.trace()).values().forEach(run::put);
  }
}
