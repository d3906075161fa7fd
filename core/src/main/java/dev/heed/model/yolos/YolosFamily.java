package dev.heed.model.yolos;

import dev.heed.model.Default;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.detection.BoxHead;
import dev.heed.model.detection.SetLoss;
import dev.heed.model.head.Head;
import dev.heed.model.vit.ImageSize;
import dev.heed.model.vit.VitConfig;
import dev.heed.model.vit.VitLayers;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** YOLOS checkpoints. */
public final class YolosFamily implements ModelFamily {
  private static final int PATCH = 16;

  record Choices(
      @Default("100") int numDetectionTokens, @Default("true") boolean useMidPositionEmbeddings) {}

  @Override
  public Set<String> modelTypes() {
    return Set.of("yolos");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("YolosForObjectDetection", YolosFamily::objects);
    builders.put("YolosModel", YolosFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("vit", "bbox_predictor", "class_labels_classifier");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    // A pooler that nothing trained.
    weights.ignoreBelow("vit.pooler");
    loss(keys);
    return build(weights, keys, Head.NONE);
  }

  /** Reads the states of the last tokens, one for each object that may be found. */
  private static Model objects(Weights weights, ModelConfig keys) {
    VitConfig config = keys.read(VitConfig.class);
    int count = keys.read(Choices.class).numDetectionTokens();
    long size = config.hiddenSize();
    BoxHead classes =
        new BoxHead(weights.child("class_labels_classifier"), size, keys.labels().size() + 1L);
    BoxHead boxes = new BoxHead(weights.child("bbox_predictor"), size, 4);
    SetLoss loss = loss(keys);
    return build(
        weights,
        keys,
        (run, hidden, pooled) -> {
          Tensor objects = hidden.narrow(1, hidden.size(1) - count, count);
          SetLoss.Found found =
              new SetLoss.Found(classes.apply(objects), boxes.apply(objects).sigmoid());
          run.put("logits", found.logits());
          run.put("pred_boxes", found.boxes());
          loss.put(run, found, List.of());
        });
  }

  /** Earlier layers' states are no objects here. */
  private static SetLoss loss(ModelConfig keys) {
    SetLoss loss = keys.read(SetLoss.class);
    if (loss.auxiliaryLoss()) {
      throw keys.unsupported("auxiliary_loss", "false", keys.json().get("auxiliary_loss"));
    }
    return loss;
  }

  private static Model build(Weights root, ModelConfig keys, Head head) {
    VitConfig config = keys.read(VitConfig.class);
    Choices choices = keys.read(Choices.class);
    ImageSize image =
        keys.json().has("image_size")
            ? ImageSize.of(keys, "image_size", 0)
            : new ImageSize(512, 864);
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> VitLayers.layer(root.child("vit.encoder.layer", i), config))
            .toList();
    LayerNorm norm =
        new LayerNorm(root.child("vit.layernorm"), config.hiddenSize(), config.layerNormEps());
    return new YolosModel(
        root,
        config,
        new YolosModel.Plan(
            image,
            ImageSize.of(keys, "patch_size", PATCH),
            choices.numDetectionTokens(),
            choices.useMidPositionEmbeddings(),
            head),
        layers,
        norm);
  }
}
