package dev.heed.model.pvt;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.SealedModel;
import dev.heed.model.block.GridTokens;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** PVT checkpoints. */
public final class PvtFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("pvt");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("PvtForImageClassification", PvtFamily::images);
    builders.put(
        "PvtModel", (weights, keys) -> build(weights, keys.read(PvtConfig.class), Head.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .with("\\.self\\.sr\\.", ".self.sequence_reduction.")
        .base("pvt", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of training alone.
    return Set.of("drop_path_rate");
  }

  private static Model images(Weights weights, ModelConfig keys) {
    PvtConfig config = keys.read(PvtConfig.class);
    int classes = keys.defaults(Map.of("num_labels", "1000")).labels().size();
    Linear classifier =
        Linear.of(weights.child("classifier"), config.hiddenSizes().getLast(), classes);
    return build(
        weights,
        config,
        new ClassifierHead(
            (run, first) -> classifier.apply(first), ClassifierHead.Problem.of(keys)));
  }

  private static Model build(Weights root, PvtConfig config, Head head) {
    Weights encoder = root.child("pvt.encoder");
    List<PvtStage> stages =
        IntStream.range(0, config.numEncoderBlocks())
            .mapToObj(i -> new PvtStage(encoder, config, i))
            .toList();
    LayerNorm norm =
        new LayerNorm(
            encoder.child("layer_norm"), config.hiddenSizes().getLast(), config.layerNormEps());
    return new SealedModel(
        root,
        run -> {
          Tensor map = run.input().require("pixel_values");
          for (PvtStage stage : stages.subList(0, stages.size() - 1)) {
            map = stage.apply(map, run).map();
          }
          GridTokens last = stages.getLast().apply(map, run);
          Tensor hidden = norm.apply(last.tokens());
          run.state("hidden_states", hidden);
          run.put("last_hidden_state", hidden);
          head.apply(run, hidden, null);
        },
        null);
  }
}
