package dev.heed.model.segformer;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.Run;
import dev.heed.model.SealedModel;
import dev.heed.model.block.GridTokens;
import dev.heed.model.head.ClassifierHead;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;

/** SegFormer checkpoints. */
public final class SegformerFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("segformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("SegformerForSemanticSegmentation", SegformerFamily::places);
    builders.put("SegformerForImageClassification", SegformerFamily::images);
    builders.put(
        "SegformerModel",
        (weights, keys) -> build(weights, keys.read(SegformerConfig.class), (run, states) -> {}));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("segformer", "decode_head", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of(
        // The reference's norms do not read it.
        "layer_norm_eps",
        // Images of every size are taken.
        "image_size",
        "downsampling_rates",
        // Of training alone.
        "drop_path_rate");
  }

  private static Model images(Weights weights, ModelConfig keys) {
    SegformerConfig config = keys.read(SegformerConfig.class);
    Linear classifier =
        Linear.of(
            weights.child("classifier"), config.hiddenSizes().getLast(), keys.labels().size());
    ClassifierHead head =
        new ClassifierHead((run, mean) -> classifier.apply(mean), ClassifierHead.Problem.of(keys));
    return build(
        weights,
        config,
        (run, states) -> {
          Tensor last = states.getLast().tokens();
          head.apply(run, last, last.mean(1, false));
        });
  }

  private static Model places(Weights weights, ModelConfig keys) {
    SegformerConfig config = keys.read(SegformerConfig.class);
    if (!config.reshapeLastStage()) {
      throw keys.unsupported(
          "reshape_last_stage",
          "true for a model that segments",
          keys.json().get("reshape_last_stage"));
    }
    SegmentationHead head =
        new SegmentationHead(weights.child("decode_head"), config, keys.labels().size());
    return build(weights, config, head::apply);
  }

  private static Model build(
      Weights root, SegformerConfig config, BiConsumer<Run, List<GridTokens>> head) {
    SegformerEncoder encoder = new SegformerEncoder(root.child("segformer.encoder"), config);
    return new SealedModel(
        root,
        run -> {
          List<GridTokens> states = encoder.apply(run);
          GridTokens last = states.getLast();
          Tensor shown = config.reshapeLastStage() ? last.map() : last.tokens();
          for (GridTokens state : states) {
            run.state("hidden_states", state == last ? shown : state.map());
          }
          run.put("last_hidden_state", shown);
          head.accept(run, states);
        },
        null);
  }
}
