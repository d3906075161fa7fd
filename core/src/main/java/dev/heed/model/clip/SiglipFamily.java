package dev.heed.model.clip;

import dev.heed.model.Default;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.SealedModel;
import dev.heed.model.vit.ImageSize;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** SigLIP checkpoints, whole or one encoder of them. */
public final class SiglipFamily implements ModelFamily {
  private static final Map<String, String> TOWER =
      Map.of(
          "hidden_size", "768",
          "intermediate_size", "3072",
          "num_attention_heads", "12",
          "hidden_act", "\"gelu_pytorch_tanh\"",
          "layer_norm_eps", "1e-6");

  record TextKeys(
      @Default("32000") int vocabSize,
      @Default("64") int maxPositionEmbeddings,
      @Nullable Integer projectionSize) {}

  record VisionKeys(@Default("3") int numChannels, @Default("true") boolean visionUseHead) {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("siglip", "siglip_text_model", "siglip_vision_model");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("SiglipModel", SiglipFamily::pairs);
    builders.put("SiglipTextModel", SiglipFamily::text);
    builders.put("SiglipVisionModel", SiglipFamily::images);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  private static TextTower textTower(Weights weights, ModelConfig part, String names) {
    ModelConfig keys = part.defaults(TOWER);
    TowerConfig config = keys.read(TowerConfig.class);
    TextKeys text = keys.read(TextKeys.class);
    Integer projection = text.projectionSize();
    return new TextTower(
        weights.child("text_model"),
        config,
        new TextTower.Plan(
            text.vocabSize(),
            text.maxPositionEmbeddings(),
            false,
            -1,
            projection == null ? config.hiddenSize() : projection),
        names);
  }

  private static ImageTower imageTower(Weights weights, ModelConfig part, String names) {
    ModelConfig keys = part.defaults(TOWER);
    VisionKeys vision = keys.read(VisionKeys.class);
    return new ImageTower(
        weights.child("vision_model"),
        keys.read(TowerConfig.class),
        new ImageTower.Plan(
            ImageSize.of(keys, "image_size", 224),
            ImageSize.of(keys, "patch_size", 16),
            vision.numChannels(),
            false,
            vision.visionUseHead()),
        names);
  }

  private static Model pairs(Weights weights, ModelConfig keys) {
    ModelConfig textPart = keys.part("text_config");
    ModelConfig imagePart = keys.part("vision_config");
    TextTower texts = textTower(weights, textPart, "text_model_output.");
    ImageTower images = imageTower(weights, imagePart, "vision_model_output.");
    textPart.requireAllKnown(Set.of());
    imagePart.requireAllKnown(Set.of());
    Tensor scale = weights.parameter("logit_scale", Initializer.ZEROS, 1);
    Tensor bias = weights.parameter("logit_bias", Initializer.ZEROS, 1);
    return new PairModel(
        weights,
        texts::apply,
        images::apply,
        texts.table(),
        new PairModel.Meeting(
            text -> text,
            image -> image,
            (t, i) -> t.matmul(i.transpose(0, 1)).mul(scale.exp()).add(bias),
            SiglipFamily::pairwise));
  }

  /** Each pair alone: belongs together or not (Zhai et al. 2023, section 3.2). */
  private static Tensor pairwise(Tensor scores) {
    long count = scores.size(0);
    Tensor signs = Tensor.eye(count, scores.dtype()).mul(2).sub(1);
    // -log σ(x) = softplus(-x)
    return signs.mul(scores).neg().softplus().sum(-1, false).mean();
  }

  private static Model text(Weights weights, ModelConfig keys) {
    TextTower tower = textTower(weights, keys, "");
    return new SealedModel(
        weights,
        run -> {
          PairModel.Reading read = tower.apply(run);
          run.put("last_hidden_state", read.states());
          run.put("pooler_output", read.requirePooled());
        },
        tower.table());
  }

  private static Model images(Weights weights, ModelConfig keys) {
    ImageTower tower = imageTower(weights, keys, "");
    return new SealedModel(
        weights,
        run -> {
          PairModel.Reading seen = tower.apply(run);
          run.put("last_hidden_state", seen.states());
          Tensor pooled = seen.pooled();
          if (pooled != null) {
            run.put("pooler_output", pooled);
          }
        },
        null);
  }
}
