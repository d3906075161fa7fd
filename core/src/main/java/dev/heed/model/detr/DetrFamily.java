package dev.heed.model.detr;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.detection.BoxHead;
import dev.heed.model.detection.SetLoss;
import dev.heed.model.head.Head;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** DETR checkpoints, whose backbone's tensors have this library's names or timm's. */
public final class DetrFamily implements ModelFamily {
  private static final String BACKBONE = "backbone\\.conv_encoder\\.model\\.";

  @Override
  public Set<String> modelTypes() {
    return Set.of("detr");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("DetrForObjectDetection", DetrFamily::objects);
    builders.put("DetrModel", DetrFamily::model);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    NameMap names =
        NameMap.plain()
            .with(
                BACKBONE + "conv1\\.", "backbone.conv_encoder.model.embedder.embedder.convolution.")
            .with(
                BACKBONE + "bn1\\.",
                "backbone.conv_encoder.model.embedder.embedder.normalization.");
    for (int stage = 1; stage <= 4; stage++) {
      String to = "backbone.conv_encoder.model.encoder.stages." + (stage - 1) + ".layers.$1.";
      String from = BACKBONE + "layer" + stage + "\\.(\\d+)\\.";
      for (int i = 1; i <= 3; i++) {
        names =
            names
                .with(from + "conv" + i + "\\.", to + "layer." + (i - 1) + ".convolution.")
                .with(from + "bn" + i + "\\.", to + "layer." + (i - 1) + ".normalization.");
      }
      names =
          names
              .with(from + "downsample\\.0\\.", to + "shortcut.convolution.")
              .with(from + "downsample\\.1\\.", to + "shortcut.normalization.");
    }
    return names.base("model", "class_labels_classifier", "bbox_predictor");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of training alone, of segmentation, and what repeats others.
    return Set.of(
        "decoder_layerdrop",
        "dice_loss_coefficient",
        "encoder_layerdrop",
        "init_xavier_std",
        "mask_loss_coefficient",
        "max_position_embeddings",
        "num_channels",
        "num_hidden_layers",
        "scale_embedding",
        "classifier_dropout");
  }

  private static Model model(Weights weights, ModelConfig keys) {
    boolean eachNormed = keys.read(SetLoss.class).auxiliaryLoss();
    return new DetrModel(
        weights, keys.read(DetrConfig.class), ResNetConfig.of(keys), eachNormed, Head.NONE);
  }

  private static Model objects(Weights weights, ModelConfig keys) {
    DetrConfig config = keys.read(DetrConfig.class);
    SetLoss loss = keys.read(SetLoss.class);
    long size = config.dModel();
    Linear classes =
        Linear.of(weights.child("class_labels_classifier"), size, keys.labels().size() + 1L);
    BoxHead boxes = new BoxHead(weights.child("bbox_predictor"), size, 4);
    return new DetrModel(
        weights,
        config,
        ResNetConfig.of(keys),
        loss.auxiliaryLoss(),
        (run, states, pooled) -> {
          SetLoss.Found last = found(states, classes, boxes);
          run.put("logits", last.logits());
          run.put("pred_boxes", last.boxes());
          List<Tensor> earlier = loss.auxiliaryLoss() ? earlier(run) : List.of();
          loss.put(run, last, earlier.stream().map(each -> found(each, classes, boxes)).toList());
        });
  }

  /** The states after each layer but the last. */
  private static List<Tensor> earlier(Run run) {
    List<Tensor> kept = run.keptStates(DetrModel.STATES);
    return kept.subList(1, kept.size() - 1);
  }

  private static SetLoss.Found found(Tensor states, Linear classes, BoxHead boxes) {
    return new SetLoss.Found(classes.apply(states), boxes.apply(states).sigmoid());
  }
}
