package dev.heed.model.timeseries;

import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.forecast.PredictionHead;
import dev.heed.model.forecast.SeriesConfig;
import dev.heed.model.forecast.SeriesHalf;
import dev.heed.model.forecast.SeriesInputs;
import dev.heed.model.forecast.SeriesScaler;
import dev.heed.model.forecast.SeriesScaler.Kind;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** Time Series Transformer checkpoints. */
public final class TimeSeriesFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("time_series_transformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "TimeSeriesTransformerForPrediction", (weights, keys) -> build(weights, keys, true));
    builders.put("TimeSeriesTransformerModel", (weights, keys) -> build(weights, keys, false));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", SeriesConfig.HEAD);
  }

  @Override
  public Set<String> ignoredKeys() {
    return SeriesConfig.IGNORED;
  }

  private static Model build(Weights root, ModelConfig keys, boolean predicts) {
    SeriesConfig config = keys.read(SeriesConfig.class);
    Weights weights = root.child("model");
    Weights encoder = weights.child("encoder");
    Weights decoder = weights.child("decoder");
    return new SeriesTransformer(
        root,
        new SeriesTransformer.Parts(
            config,
            new SeriesInputs(weights, config, SeriesScaler.of(keys, Kind.MEAN, Kind.MEAN)),
            SeriesHalf.of(
                encoder,
                config,
                TransformerStack.of(
                        TransformerStack.layers(
                            encoder, config.encoderLayers(), config.layer(false)::encoder))
                    .named("encoder_")),
            SeriesHalf.of(
                decoder,
                config,
                TransformerStack.of(
                        TransformerStack.layers(
                            decoder, config.decoderLayers(), config.layer(true)::decoder))
                    .named("decoder_")),
            predicts ? PredictionHead.of(root, keys, config, config.dModel()) : null,
            true));
  }
}
