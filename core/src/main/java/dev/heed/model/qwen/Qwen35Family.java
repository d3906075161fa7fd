package dev.heed.model.qwen;

import dev.heed.mixer.linear.GatedDeltaNet;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Weights;
import java.util.Map;

/** Qwen 3.5 checkpoints for texts: gated delta nets and gated attention, dense. */
public final class Qwen35Family extends DecoderFamily {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "vocab_size", "248320",
          "hidden_size", "4096",
          "intermediate_size", "12288",
          "num_hidden_layers", "32",
          "num_key_value_heads", "4");

  /** The family. */
  public Qwen35Family() {
    super("qwen3_5_text", "Qwen3_5", "Qwen3_5Text");
  }

  @Override
  public NameMap names(String architecture) {
    return DecoderArchitectures.names().with("^mtp\\.", "model.mtp.");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    // What predicts further words is trained beside the model and no part of it.
    weights.ignoreBelow("mtp");
    ModelConfig own = keys.defaults(DEFAULTS);
    QwenHybrid config = DecoderSizes.read(own, QwenHybrid.class);
    return config.body(
        weights, own, GatedDeltaNet::new, (path, layer) -> config.feedForward(path, false));
  }
}
