package dev.heed.model.qwen;

import dev.heed.mixer.linear.GatedDeltaNet;
import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderFamily;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.ModelConfig;
import dev.heed.model.NameMap;
import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Weights;
import java.util.Map;

/** Qwen3-Next checkpoints: gated delta nets, gated attention, a mixture of experts. */
public final class Qwen3NextFamily extends DecoderFamily {
  /** The family. */
  public Qwen3NextFamily() {
    super("qwen3_next", "Qwen3Next");
  }

  record Config(@Default("512") int sharedExpertIntermediateSize) {}

  @Override
  public NameMap names(String architecture) {
    return DecoderArchitectures.names().with("^mtp\\.", "model.mtp.");
  }

  @Override
  protected DecoderBody body(Weights weights, ModelConfig keys) {
    // What predicts further words is trained beside the model and no part of it.
    weights.ignoreBelow("mtp");
    QwenHybrid config = DecoderSizes.read(keys, QwenHybrid.class);
    int shared = keys.read(Config.class).sharedExpertIntermediateSize();
    QwenExperts experts =
        QwenExperts.read(
            keys.defaults(Map.of("norm_topk_prob", "true")), new QwenExperts.Usual(512, 10, 512));
    return config
        .body(
            weights,
            keys,
            GatedDeltaNet::byKeyHead,
            (path, layer) ->
                experts.at(layer)
                    ? experts.mixtureAndShared(path, config, shared)
                    : config.feedForward(path, false))
        .routed(experts.routing());
  }
}
