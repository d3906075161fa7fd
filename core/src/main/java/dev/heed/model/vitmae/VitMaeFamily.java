package dev.heed.model.vitmae;

import dev.heed.model.EncoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.Head;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.VitConfig;
import dev.heed.model.vit.VitLayers;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** ViT-MAE checkpoints. */
public final class VitMaeFamily implements ModelFamily {
  private static final int IMAGE = 224;
  private static final int PATCH = 16;

  @Override
  public Set<String> modelTypes() {
    return Set.of("vit_mae");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("ViTMAEForPreTraining", VitMaeFamily::painting);
    builders.put("ViTMAEModel", VitMaeFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("vit", "decoder");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, keys, keys.read(VitConfig.class), Head.NONE);
  }

  private static Model painting(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    VitMaeDecoder decoder =
        new VitMaeDecoder(
            weights.child("decoder"),
            config,
            keys.read(VitMaeConfig.class),
            image(keys),
            patch(keys));
    return build(weights, keys, config, decoder);
  }

  private static ImageSize image(ModelConfig keys) {
    return ImageSize.of(keys, "image_size", IMAGE);
  }

  private static ImageSize patch(ModelConfig keys) {
    return ImageSize.of(keys, "patch_size", PATCH);
  }

  private static Model build(Weights root, ModelConfig keys, VitConfig config, Head head) {
    Weights weights = root.child("vit");
    VitMaeEmbeddings embeddings =
        new VitMaeEmbeddings(
            weights.child("embeddings"),
            config,
            image(keys),
            patch(keys),
            keys.read(VitMaeConfig.class).maskRatio());
    LayerNorm norm =
        new LayerNorm(weights.child("layernorm"), config.hiddenSize(), config.layerNormEps());
    return new EncoderModel(
        root,
        new EncoderModel.Parts(
            embeddings::apply,
            VitLayers.stack(weights.child("encoder"), config, norm),
            null,
            head,
            null));
  }
}
