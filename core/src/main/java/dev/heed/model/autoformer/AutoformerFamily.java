package dev.heed.model.autoformer;

import dev.heed.attention.sparse.AutoCorrelation;
import dev.heed.attention.sparse.AutoCorrelation.Variant;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.forecast.Decomposition;
import dev.heed.model.forecast.PredictionHead;
import dev.heed.model.forecast.SeriesConfig;
import dev.heed.model.forecast.SeriesInputs;
import dev.heed.model.forecast.SeriesScaler;
import dev.heed.model.forecast.SeriesScaler.Kind;
import dev.heed.model.forecast.StepEmbedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** Autoformer checkpoints. */
public final class AutoformerFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("autoformer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("AutoformerForPrediction", (weights, keys) -> build(weights, keys, true));
    builders.put("AutoformerModel", (weights, keys) -> build(weights, keys, false));
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
    return build(root, keys, predicts, Variant.TRANSFORMERS);
  }

  private static Model build(Weights root, ModelConfig keys, boolean predicts, Variant variant) {
    SeriesConfig config = keys.read(SeriesConfig.class);
    AutoformerConfig own = keys.read(AutoformerConfig.class);
    if (own.labelLength() > config.context()) {
      throw new IllegalArgumentException(
          "label_length: expected at most the context of "
              + config.context()
              + ", got "
              + own.labelLength());
    }
    Decomposition split = new Decomposition(own.movingAverage());
    AutoCorrelation mechanism = new AutoCorrelation(own.autocorrelationFactor(), variant);
    AutoformerLayers layers = new AutoformerLayers(config, split, mechanism);
    Weights weights = root.child("model");
    Weights encoder = weights.child("encoder");
    Weights decoder = weights.child("decoder");
    return new Autoformer(
        root,
        new Autoformer.Parts(
            config,
            own.labelLength(),
            split,
            new SeriesInputs(weights, config, SeriesScaler.of(keys, Kind.MEAN, Kind.MEAN)),
            StepEmbedding.of(encoder, config),
            TransformerStack.of(
                    TransformerStack.layers(encoder, config.encoderLayers(), layers::encoder))
                .named("encoder_"),
            StepEmbedding.of(decoder, config),
            IntStream.range(0, config.decoderLayers())
                .mapToObj(i -> layers.decoder(decoder.child("layers", i)))
                .toList(),
            Linear.of(decoder.child("seasonality_projection"), config.dModel(), config.width()),
            predicts ? PredictionHead.of(root, keys, config, config.width()) : null),
        () -> build(root, keys, predicts, Variant.RECORDED));
  }
}
