package dev.heed.model.swin;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.SealedModel;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.vit.ImageSize;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** Swin Transformer checkpoints of both versions. */
public final class SwinFamily implements ModelFamily {
  private static final int IMAGE = 224;
  private static final int PATCH = 4;

  @Override
  public Set<String> modelTypes() {
    return Set.of("swin", "swinv2");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("SwinForImageClassification", (weights, keys) -> images(weights, keys, "swin"));
    builders.put("SwinModel", (weights, keys) -> build(weights, keys, "swin", Head.NONE));
    builders.put(
        "Swinv2ForImageClassification", (weights, keys) -> images(weights, keys, "swinv2"));
    builders.put("Swinv2Model", (weights, keys) -> build(weights, keys, "swinv2", Head.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base(architecture.startsWith("Swinv2") ? "swinv2" : "swin", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of(
        // They follow from embed_dim and depths, whatever they say.
        "hidden_size",
        "num_layers",
        // Of training alone.
        "drop_path_rate",
        // Every published model has norms of patches.
        "path_norm",
        // Of a decoder of masked pixels alone.
        "encoder_stride",
        // What a backbone for other models gives.
        "out_features",
        "out_indices",
        "stage_names");
  }

  private static Model images(Weights weights, ModelConfig keys, String base) {
    SwinConfig config = keys.read(SwinConfig.class);
    Linear classifier =
        Linear.of(
            weights.child("classifier"), config.size(config.stages() - 1), keys.labels().size());
    return build(
        weights,
        keys,
        base,
        new ClassifierHead(
            (run, pooled) -> classifier.apply(pooled), ClassifierHead.Problem.of(keys)));
  }

  private static Model build(Weights root, ModelConfig keys, String base, Head head) {
    SwinConfig config = keys.read(SwinConfig.class);
    ImageSize patch = ImageSize.of(keys, "patch_size", PATCH);
    ImageSize trained = ImageSize.of(keys, "image_size", IMAGE).over(patch);
    SwinLayers layers =
        base.equals("swin")
            ? new SwinBlocks.First(config)
            : new SwinBlocks.Second(config, trained.asGrid());
    SwinEncoder encoder = new SwinEncoder(root.child(base), config, patch, trained, layers);
    return new SealedModel(root, run -> encoder.apply(run, head), null);
  }
}
