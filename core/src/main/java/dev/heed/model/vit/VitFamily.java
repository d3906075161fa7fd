package dev.heed.model.vit;

import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.nn.Activation;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Vision Transformer checkpoints (Dosovitskiy et al. 2020). */
public final class VitFamily implements ModelFamily {
  private static final int IMAGE = 224;
  private static final int PATCH = 16;

  @Override
  public Set<String> modelTypes() {
    return Set.of("vit");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("ViTForImageClassification", VitFamily::images);
    builders.put("ViTModel", VitFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("vit", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of a decoder of masked pixels alone.
    return Set.of("encoder_stride");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    Weights own = weights.child("vit.pooler.dense");
    if (!own.has("weight")) {
      return build(weights, config, keys, null, Head.NONE);
    }
    Linear pooler = Linear.of(own, config.hiddenSize(), config.pooled());
    Activation activation = Activation.named(config.poolerAct());
    return build(
        weights, config, keys, x -> activation.apply(pooler.apply(x.select(1, 0))), Head.NONE);
  }

  private static Model images(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    Linear classifier =
        Linear.of(weights.child("classifier"), config.hiddenSize(), keys.labels().size());
    return build(
        weights,
        config,
        keys,
        null,
        new ClassifierHead(
            (run, first) -> classifier.apply(first), ClassifierHead.Problem.of(keys)));
  }

  private static Model build(
      Weights root, VitConfig config, ModelConfig keys, @Nullable Norm pooler, Head head) {
    Weights weights = root.child("vit");
    VitEmbeddings embeddings =
        new VitEmbeddings(
            weights.child("embeddings"),
            config,
            new VitEmbeddings.Plan(
                ImageSize.of(keys, "image_size", IMAGE),
                ImageSize.of(keys, "patch_size", PATCH),
                List.of("cls_token"),
                0,
                PatchPositions.BY_FACTOR,
                false));
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    return new EncoderModel(
        root,
        new EncoderModel.Parts(
                embeddings::apply,
                VitLayers.stack(weights.child("encoder"), config, norm),
                pooler,
                head,
                null)
            .in(new GridFrame(embeddings::grid, GridFrame.Bias.NONE)));
  }
}
