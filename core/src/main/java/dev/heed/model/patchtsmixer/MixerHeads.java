package dev.heed.model.patchtsmixer;

import dev.heed.model.Run;
import dev.heed.model.forecast.Distribution;
import dev.heed.model.forecast.PatchHead;
import dev.heed.model.forecast.SeriesScaler;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.model.forecast.TargetMap;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PatchTSMixer's heads.
 *
 * @param root of the weights: heads lie below {@code head}, the scale's maps below {@code
 *     inject_scale}
 * @param config sizes
 * @param patches how many there are
 */
record MixerHeads(Weights root, MixerConfig config, int patches) {
  /** What follows each value: {@code head.base_forecast_block}. */
  PatchHead prediction(@Nullable Distribution distribution) {
    TargetMap map =
        new TargetMap(
            root.child("head.base_forecast_block"),
            distribution,
            (long) patches * config.dModel(),
            config.predictionLength());
    return new Prediction(
        map, new Dropout(config.headDropout()), config.predictionChannelIndices());
  }

  private record Prediction(TargetMap map, Dropout dropout, @Nullable List<Integer> chosen)
      implements PatchHead {
    @Override
    public void apply(Run run, Tensor states, Read read) {
      List<Tensor> said =
          map.apply(dropout.apply(states.flatten(2, 3), run.trace())).stream()
              .map(one -> chosen(one.transpose(1, 2)))
              .toList();
      Scale scale = new Scale(chosen(read.scale().loc()), chosen(read.scale().scale()));
      run.put("loc", scale.loc());
      run.put("scale", scale.scale());
      Tensor future = run.input().get("future_values");
      map.predict(run, said, scale, future == null ? null : chosen(future));
    }

    /** The predicted values of {@code [..., C]}. */
    private Tensor chosen(Tensor x) {
      return chosen == null
          ? x
          : x.indexSelect(2, Tensor.of(chosen.stream().mapToLong(i -> i).toArray(), chosen.size()));
    }

    @Override
    public TargetMap forecast() {
      return map;
    }
  }

  /** The patches: {@code head.base_pt_block}. */
  PatchHead pretraining() {
    Linear map = Linear.of(root.child("head.base_pt_block"), config.dModel(), config.patchLength());
    Dropout dropout = new Dropout(config.headDropout());
    boolean hiddenOnly = config.maskedLoss();
    return (run, states, read) -> {
      Tensor said = map.apply(dropout.apply(states, run.trace()));
      run.put("prediction_outputs", said);
      if (hiddenOnly) {
        PatchHead.hiddenLoss(run, said, read);
      } else {
        run.put("loss", Loss.meanSquaredError(said, read.patches()));
      }
    };
  }

  /** The class of a series: {@code head.projection}. */
  PatchHead classification(SeriesScaler scaler) {
    Series series = series(scaler);
    TargetMap map = new TargetMap(root.child("head.projection"), null, width(), targets());
    List<Double> range = PatchHead.range(config.outputRange());
    return (run, states, read) -> {
      Tensor plain = map.apply(series.apply(run, states, read)).getFirst();
      Tensor logits = range == null ? plain : PatchHead.within(plain, range);
      run.put("prediction_outputs", logits);
      Tensor targets = run.input().get("target_values");
      if (targets != null) {
        run.put("loss", Loss.crossEntropy(logits, targets));
      }
    };
  }

  /** Numbers of a series: {@code head.projection}. */
  PatchHead regression(SeriesScaler scaler, @Nullable Distribution distribution) {
    Series series = series(scaler);
    TargetMap map = new TargetMap(root.child("head.projection"), distribution, width(), targets());
    List<Double> range = PatchHead.range(config.outputRange());
    return (run, states, read) -> {
      List<Tensor> said = map.apply(series.apply(run, states, read));
      if (!map.distributed() && range != null) {
        said = List.of(PatchHead.within(said.getFirst(), range));
      }
      map.regress(run, said, run.input().get("target_values"));
    };
  }

  private long targets() {
    return config.numTargets();
  }

  /** How many numbers of a series a head reads. */
  private long width() {
    long values = (long) config.numInputChannels() * config.dModel();
    return config.headAggregation() == null ? values * patches : values;
  }

  private Series series(SeriesScaler scaler) {
    return new Series(
        scaler.kind() == SeriesScaler.Kind.NONE
            ? null
            : new ScaleInjection(root.child("inject_scale"), config.dModel()),
        config.headAggregation(),
        new Dropout(config.headDropout()));
  }

  /**
   * From patches' states to a series'.
   *
   * @param injection of the scale, or null
   * @param over patches, or null for none
   */
  private record Series(
      @Nullable ScaleInjection injection, @Nullable String over, Dropout dropout) {
    Tensor apply(Run run, Tensor states, PatchHead.Read read) {
      Tensor told = injection == null ? states : injection.apply(states, read.scale());
      run.put("last_hidden_state", told);
      Tensor byFeature = told.transpose(2, 3); // [B, C, D, N]
      Tensor pooled =
          switch (over) {
            case "use_last" -> byFeature.select(3, byFeature.size(3) - 1);
            case "max_pool" -> byFeature.max(3, false).values();
            case "avg_pool" -> byFeature.mean(3, false);
            case null, default -> byFeature.flatten(2, 3);
          };
      return dropout.apply(pooled.flatten(1, 2), run.trace());
    }
  }
}
