package dev.heed.model.clip;

import dev.heed.model.Default;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.SealedModel;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.vit.ImageSize;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** CLIP checkpoints, whole or one encoder of them. */
public final class ClipFamily implements ModelFamily {
  private static final int PROJECTION = 512;
  private static final Map<String, String> TEXT =
      Map.of(
          "hidden_size", "512",
          "intermediate_size", "2048",
          "num_attention_heads", "8",
          "hidden_act", "\"quick_gelu\"",
          "layer_norm_eps", "1e-5");
  private static final Map<String, String> VISION =
      Map.of(
          "hidden_size", "768",
          "intermediate_size", "3072",
          "num_attention_heads", "12",
          "hidden_act", "\"quick_gelu\"",
          "layer_norm_eps", "1e-5");

  record TextKeys(
      @Default("49408") int vocabSize,
      @Default("77") int maxPositionEmbeddings,
      @Default("49407") int eosTokenId,
      @Default("512") int projectionDim) {}

  record VisionKeys(@Default("3") int numChannels, @Default("512") int projectionDim) {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("clip", "clip_text_model", "clip_vision_model");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("CLIPModel", ClipFamily::pairs);
    builders.put("CLIPTextModel", (weights, keys) -> text(weights, keys, false));
    builders.put("CLIPTextModelWithProjection", (weights, keys) -> text(weights, keys, true));
    builders.put("CLIPVisionModel", (weights, keys) -> images(weights, keys, false));
    builders.put("CLIPVisionModelWithProjection", (weights, keys) -> images(weights, keys, true));
    builders.put("CLIPForImageClassification", ClipFamily::classes);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    // What training starts from.
    return Set.of("logit_scale_init_value");
  }

  private static TextTower textTower(Weights weights, ModelConfig part, String names) {
    ModelConfig keys = part.defaults(TEXT);
    TextKeys text = keys.read(TextKeys.class);
    TextTower tower =
        new TextTower(
            weights.child("text_model"),
            keys.read(TowerConfig.class),
            new TextTower.Plan(
                text.vocabSize(), text.maxPositionEmbeddings(), true, text.eosTokenId(), 0),
            names);
    part.known("dropout");
    return tower;
  }

  private static ImageTower imageTower(Weights weights, ModelConfig part, String names) {
    ModelConfig keys = part.defaults(VISION);
    ImageTower tower =
        new ImageTower(
            weights.child("vision_model"),
            keys.read(TowerConfig.class),
            new ImageTower.Plan(
                ImageSize.of(keys, "image_size", 224),
                ImageSize.of(keys, "patch_size", 32),
                keys.read(VisionKeys.class).numChannels(),
                true,
                false),
            names);
    part.known("dropout");
    return tower;
  }

  /** Old configs hold a part a second time, which counts. */
  private static ModelConfig part(ModelConfig keys, String name) {
    boolean second = keys.json().path(name + "_dict").isObject();
    keys.known(name, name + "_dict");
    return keys.part(second ? name + "_dict" : name);
  }

  private static Model pairs(Weights weights, ModelConfig keys) {
    ModelConfig textPart = part(keys, "text_config");
    ModelConfig imagePart = part(keys, "vision_config");
    keys.known("projection_dim");
    int projection = keys.json().path("projection_dim").asInt(PROJECTION);
    TextTower texts = textTower(weights, textPart, "text_model_output.");
    ImageTower images = imageTower(weights, imagePart, "vision_model_output.");
    textPart.requireAllKnown(Set.of());
    imagePart.requireAllKnown(Set.of());
    Linear text = Linear.of(weights.child("text_projection"), size(texts), projection, false);
    Linear image =
        Linear.of(
            weights.child("visual_projection"),
            imagePart.defaults(VISION).read(TowerConfig.class).hiddenSize(),
            projection,
            false);
    Tensor scale =
        weights.parameter(
            "logit_scale",
            (shape, type, random) -> Tensor.ones(shape, type).mul(Math.log(1 / 0.07)));
    return new PairModel(
        weights,
        texts::apply,
        images::apply,
        texts.table(),
        new PairModel.Meeting(
            text::apply,
            image::apply,
            (t, i) -> t.matmul(i.transpose(0, 1)).mul(scale.exp()),
            PairModel::contrast));
  }

  private static long size(TextTower tower) {
    return tower.table().size(1);
  }

  private static Model text(Weights weights, ModelConfig keys, boolean projects) {
    TextTower tower = textTower(weights, keys, "");
    keys.known("projection_dim", "projection_size");
    Linear projection =
        projects
            ? Linear.of(
                weights.child("text_projection"),
                size(tower),
                keys.json().path("projection_dim").asInt(PROJECTION),
                false)
            : null;
    return new SealedModel(
        weights,
        run -> {
          PairModel.Reading read = tower.apply(run);
          run.put("last_hidden_state", read.states());
          run.put("pooler_output", read.requirePooled());
          if (projection != null) {
            run.put("text_embeds", projection.apply(read.requirePooled()));
          }
        },
        tower.table());
  }

  private static Model images(Weights weights, ModelConfig keys, boolean projects) {
    ImageTower tower = imageTower(weights, keys, "");
    keys.known("projection_dim");
    long size = keys.defaults(VISION).read(TowerConfig.class).hiddenSize();
    Linear projection =
        projects
            ? Linear.of(
                weights.child("visual_projection"),
                size,
                keys.json().path("projection_dim").asInt(PROJECTION),
                false)
            : null;
    return new SealedModel(
        weights,
        run -> {
          Tensor pooled = see(tower, run);
          if (projection != null) {
            run.put("image_embeds", projection.apply(pooled));
          }
        },
        null);
  }

  private static Tensor see(ImageTower tower, Run run) {
    PairModel.Reading seen = tower.apply(run);
    Tensor pooled = seen.requirePooled();
    run.put("last_hidden_state", seen.states());
    run.put("pooler_output", pooled);
    return pooled;
  }

  private static Model classes(Weights weights, ModelConfig keys) {
    ModelConfig part = part(keys, "vision_config");
    keys.known("text_config", "text_config_dict", "projection_dim");
    ImageTower tower = imageTower(weights, part, "");
    long size = part.defaults(VISION).read(TowerConfig.class).hiddenSize();
    Linear classifier = Linear.of(weights.child("classifier"), size, keys.labels().size());
    ClassifierHead head =
        new ClassifierHead((run, mean) -> classifier.apply(mean), ClassifierHead.Problem.of(keys));
    return new SealedModel(
        weights,
        run -> {
          see(tower, run);
          Tensor states = run.value("last_hidden_state");
          Tensor patches = states.narrow(1, 1, states.size(1) - 1);
          head.apply(run, states, patches.mean(1, false));
        },
        null);
  }
}
