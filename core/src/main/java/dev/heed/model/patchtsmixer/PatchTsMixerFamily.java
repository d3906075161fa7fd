package dev.heed.model.patchtsmixer;

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

/** PatchTSMixer checkpoints. */
public final class PatchTsMixerFamily implements ModelFamily {
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
    return Set.of("patchtsmixer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("PatchTSMixerForPrediction", (w, keys) -> build(w, keys, Task.PREDICTION));
    builders.put("PatchTSMixerForPretraining", (w, keys) -> build(w, keys, Task.PRETRAINING));
    builders.put(
        "PatchTSMixerForTimeSeriesClassification",
        (w, keys) -> build(w, keys, Task.CLASSIFICATION));
    builders.put("PatchTSMixerForRegression", (w, keys) -> build(w, keys, Task.REGRESSION));
    builders.put("PatchTSMixerModel", (w, keys) -> build(w, keys, Task.NONE));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "head", "inject_scale");
  }

  @Override
  public Set<String> ignoredKeys() {
    // They say how parameters start that a checkpoint has.
    return Set.of("post_init", "seed_number");
  }

  private static Model build(Weights root, ModelConfig keys, Task task) {
    MixerConfig config = keys.read(MixerConfig.class);
    Patches patches =
        new Patches(config.contextLength(), config.patchLength(), config.patchStride());
    if (config.numPatches() != null && config.numPatches() != patches.count()) {
      throw keys.unsupported(
          "num_patches",
          patches.count() + ", as context_length, patch_length and patch_stride make",
          keys.json().get("num_patches"));
    }
    SeriesScaler scaler = SeriesScaler.of(keys, Kind.STD, Kind.STD);
    Distribution distribution =
        config.loss().equals("mse") ? null : Distribution.of(keys, config.distributionOutput());
    return new PatchTsMixer(
        root,
        config,
        new PatchModel.Parts(
            scaler,
            patches,
            task == Task.PRETRAINING ? masking(config, patches.count()) : null,
            head(new MixerHeads(root, config, patches.count()), task, scaler, distribution),
            shape(config, distribution)));
  }

  private static PatchHead head(
      MixerHeads heads, Task task, SeriesScaler scaler, @Nullable Distribution distribution) {
    return switch (task) {
      case PREDICTION -> heads.prediction(distribution);
      case PRETRAINING -> heads.pretraining();
      case CLASSIFICATION -> heads.classification(scaler);
      case REGRESSION -> heads.regression(scaler, distribution);
      case NONE -> PatchHead.NONE;
    };
  }

  private static PatchMasking masking(MixerConfig config, int patches) {
    return PatchMasking.of(
        config.maskType(),
        config.randomMaskRatio(),
        config.numForecastMaskPatches(),
        config.channelConsistentMasking(),
        config.unmaskedChannelIndices(),
        config.maskValue(),
        patches);
  }

  private static SeriesShape shape(MixerConfig config, @Nullable Distribution distribution) {
    return SeriesShape.ofValues(
        config.contextLength(),
        config.predictionLength(),
        config.numInputChannels(),
        config.predictionChannelIndices(),
        distribution == null ? 0 : config.numParallelSamples(),
        "observed_mask");
  }
}
