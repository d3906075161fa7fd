package dev.heed.model.patchtst;

import dev.heed.model.Run;
import dev.heed.model.forecast.Distribution;
import dev.heed.model.forecast.PatchHead;
import dev.heed.model.forecast.TargetMap;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** PatchTST's heads. */
final class PatchTstHeads {
  private PatchTstHeads() {}

  /**
   * Over the patches of a value.
   *
   * @param token whether the first state stands for all
   * @param type {@code mean}, {@code max} or null for none
   */
  private record Pooling(boolean token, @Nullable String type) {
    static Pooling of(PatchTstConfig config) {
      return new Pooling(config.useClsToken(), config.poolingType());
    }

    boolean pools() {
      return token || type != null;
    }

    /** {@code [B, C, N, D]} to {@code [B, C, D]}, or to {@code [B, C, N·D]} without pooling. */
    Tensor apply(Tensor states) {
      if (token) {
        return states.select(2, 0);
      }
      if (type == null) {
        return states.flatten(2, 3);
      }
      return type.equals("mean") ? states.mean(2, false) : states.max(2, false).values();
    }
  }

  /** What follows each value: {@code head.projection}, or one map for each of them. */
  static PatchHead prediction(
      Weights head, PatchTstConfig config, @Nullable Distribution distribution, int patches) {
    Pooling pooling = Pooling.of(config);
    long in = pooling.pools() ? config.dModel() : (long) config.dModel() * patches;
    List<TargetMap> maps = new ArrayList<>();
    for (int i = 0; i < (config.shareProjection() ? 1 : config.numInputChannels()); i++) {
      Weights own =
          config.shareProjection() ? head.child("projection") : head.child("projections", i);
      maps.add(new TargetMap(own, distribution, in, config.predictionLength()));
    }
    return new Prediction(pooling, new Dropout(config.headDropout()), List.copyOf(maps));
  }

  private record Prediction(Pooling pooling, Dropout dropout, List<TargetMap> maps)
      implements PatchHead {
    @Override
    public void apply(Run run, Tensor states, Read read) {
      Tensor pooled = dropout.apply(pooling.apply(states), run.trace()); // [B, C, in]
      List<Tensor> said = maps.size() == 1 ? maps.getFirst().apply(pooled) : each(pooled);
      List<Tensor> byStep = said.stream().map(one -> one.transpose(1, 2)).toList();
      forecast().predict(run, byStep, read.scale(), run.input().get("future_values"));
    }

    /** Every value by its own map, {@code [B, C, T]} for each parameter. */
    private List<Tensor> each(Tensor pooled) {
      List<List<Tensor>> own =
          IntStream.range(0, maps.size())
              .mapToObj(i -> maps.get(i).apply(pooled.select(1, i)))
              .toList();
      return IntStream.range(0, own.getFirst().size())
          .mapToObj(p -> Tensor.stack(own.stream().map(one -> one.get(p)).toList(), 1))
          .toList();
    }

    @Override
    public TargetMap forecast() {
      return maps.getFirst();
    }
  }

  /** The hidden patches: {@code head.linear}. */
  static PatchHead pretraining(Weights head, PatchTstConfig config) {
    Linear map = Linear.of(head.child("linear"), config.dModel(), config.patchLength());
    Dropout dropout = new Dropout(config.headDropout());
    boolean token = config.useClsToken();
    return (run, states, read) -> {
      Tensor own = token ? states.narrow(2, 1, states.size(2) - 1) : states;
      Tensor said = map.apply(dropout.apply(own, run.trace()));
      run.put("prediction_output", said);
      PatchHead.hiddenLoss(run, said, read);
    };
  }

  /** The class of a series: {@code head.linear}. */
  static PatchHead classification(Weights head, PatchTstConfig config) {
    Pooling pooling = pooled(config);
    Dropout dropout = new Dropout(config.headDropout());
    Linear map =
        Linear.of(
            head.child("linear"),
            (long) config.numInputChannels() * config.dModel(),
            config.numTargets());
    return (run, states, read) -> {
      Tensor logits = map.apply(flat(pooling, dropout, states, run.trace()));
      run.put("prediction_logits", logits);
      Tensor targets = run.input().get("target_values");
      if (targets != null) {
        run.put("loss", Loss.crossEntropy(logits, targets));
      }
    };
  }

  /** Numbers of a series: {@code head.projection}. */
  static PatchHead regression(
      Weights head, PatchTstConfig config, @Nullable Distribution distribution) {
    Pooling pooling = pooled(config);
    Dropout dropout = new Dropout(config.headDropout());
    TargetMap map =
        new TargetMap(
            head.child("projection"),
            distribution,
            (long) config.numInputChannels() * config.dModel(),
            config.numTargets());
    List<Double> range = PatchHead.range(config.outputRange());
    return (run, states, read) -> {
      List<Tensor> said = map.apply(flat(pooling, dropout, states, run.trace()));
      if (!map.distributed() && range != null) {
        said = List.of(PatchHead.within(said.getFirst(), range));
      }
      map.regress(run, said, run.input().get("target_values"));
    };
  }

  private static Tensor flat(Pooling pooling, Dropout dropout, Tensor states, Trace trace) {
    return dropout.apply(pooling.apply(states).flatten(1, 2), trace);
  }

  private static Pooling pooled(PatchTstConfig config) {
    Pooling pooling = Pooling.of(config);
    if (!pooling.pools()) {
      throw new IllegalArgumentException(
          "pooling_type: expected mean or max, or use_cls_token, for a head on whole series, got"
              + " null");
    }
    return pooling;
  }
}
