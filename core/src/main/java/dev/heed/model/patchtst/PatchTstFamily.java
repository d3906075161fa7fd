package dev.heed.model.patchtst;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.forecast.Distribution;
import dev.heed.model.forecast.PatchHead;
import dev.heed.model.forecast.PatchMasking;
import dev.heed.model.forecast.PatchModel;
import dev.heed.model.forecast.Patches;
import dev.heed.model.forecast.SeriesScaler;
import dev.heed.model.forecast.SeriesScaler.Kind;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PatchTST checkpoints. */
public final class PatchTstFamily implements ModelFamily {
  /** What stands on the layers. */
  private enum Task {
    PREDICTION,
    PRETRAINING,
    CLASSIFICATION,
    REGRESSION,
    NONE
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("patchtst");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("PatchTSTForPrediction", (w, keys) -> build(w, keys, Task.PREDICTION));
    builders.put("PatchTSTForPretraining", (w, keys) -> build(w, keys, Task.PRETRAINING));
    builders.put("PatchTSTForClassification", (w, keys) -> build(w, keys, Task.CLASSIFICATION));
    builders.put("PatchTSTForRegression", (w, keys) -> build(w, keys, Task.REGRESSION));
    builders.put("PatchTSTModel", (w, keys) -> build(w, keys, Task.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "head");
  }

  private static Model build(Weights root, ModelConfig keys, Task task) {
    PatchTstConfig config = keys.read(PatchTstConfig.class);
    Patches patches =
        new Patches(config.contextLength(), config.patchLength(), config.patchStride());
    Distribution distribution =
        config.says() ? null : Distribution.of(keys, config.distributionOutput());
    boolean hides =
        task == Task.PRETRAINING
            || (task == Task.NONE && Boolean.TRUE.equals(config.doMaskInput()));
    return new PatchTst(
        root,
        config,
        new PatchModel.Parts(
            SeriesScaler.of(keys, Kind.STD, Kind.MEAN),
            patches,
            hides ? masking(config, patches.count()) : null,
            head(root.child("head"), config, task, distribution, patches.count()),
            shape(config, distribution)));
  }

  private static PatchHead head(
      Weights weights,
      PatchTstConfig config,
      Task task,
      @Nullable Distribution distribution,
      int patches) {
    return switch (task) {
      case PREDICTION -> PatchTstHeads.prediction(weights, config, distribution, patches);
      case PRETRAINING -> PatchTstHeads.pretraining(weights, config);
      case CLASSIFICATION -> PatchTstHeads.classification(weights, config);
      case REGRESSION -> PatchTstHeads.regression(weights, config, distribution);
      case NONE -> PatchHead.NONE;
    };
  }

  private static PatchMasking masking(PatchTstConfig config, int patches) {
    return PatchMasking.of(
        config.maskType(),
        config.randomMaskRatio(),
        config.numForecastMaskPatches(),
        Boolean.TRUE.equals(config.channelConsistentMasking()),
        config.unmaskedChannelIndices(),
        config.maskValue(),
        patches);
  }

  private static SeriesShape shape(PatchTstConfig config, @Nullable Distribution distribution) {
    return SeriesShape.ofValues(
        config.contextLength(),
        config.predictionLength(),
        config.numInputChannels(),
        null,
        distribution == null ? 0 : config.numParallelSamples(),
        "past_observed_mask");
  }
}
