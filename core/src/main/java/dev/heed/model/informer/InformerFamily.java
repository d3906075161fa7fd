package dev.heed.model.informer;

import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.sparse.ProbSparseAttention;
import dev.heed.attention.sparse.ProbSparseAttention.Sampling;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bart.BartLayer;
import dev.heed.model.block.Branch;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.forecast.PredictionHead;
import dev.heed.model.forecast.SeriesConfig;
import dev.heed.model.forecast.SeriesHalf;
import dev.heed.model.forecast.SeriesInputs;
import dev.heed.model.forecast.SeriesScaler;
import dev.heed.model.forecast.SeriesScaler.Kind;
import dev.heed.model.timeseries.SeriesTransformer;
import dev.heed.nn.Dropout;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** Informer checkpoints. */
public final class InformerFamily implements ModelFamily {
  /** Of the sample that any run but a training run takes, always the same. */
  private static final long SEED = 0;

  @Override
  public Set<String> modelTypes() {
    return Set.of("informer");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("InformerForPrediction", (weights, keys) -> build(weights, keys, true));
    builders.put("InformerModel", (weights, keys) -> build(weights, keys, false));
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
    SeriesConfig config = keys.defaults(Map.of("dropout", "0.05")).read(SeriesConfig.class);
    InformerConfig own = keys.read(InformerConfig.class);
    Weights weights = root.child("model");
    Weights encoder = weights.child("encoder");
    Weights decoder = weights.child("decoder");
    BartLayer after = config.layer(true);
    TransformerStack predicted =
        TransformerStack.of(
            TransformerStack.layers(
                decoder,
                config.decoderLayers(),
                layer -> after.decoder(layer, attention(layer, after, own, true))));
    return new SeriesTransformer(
        root,
        new SeriesTransformer.Parts(
            config,
            new SeriesInputs(weights, config, SeriesScaler.of(keys, Kind.MEAN, Kind.MEAN)),
            SeriesHalf.of(encoder, config, reading(encoder, config, own).named("encoder_")),
            SeriesHalf.of(decoder, config, predicted.named("decoder_")),
            predicts ? PredictionHead.of(root, keys, config, config.dModel()) : null,
            !own.sparse()));
  }

  private static TransformerStack reading(
      Weights encoder, SeriesConfig config, InformerConfig own) {
    BartLayer usual = config.layer(false);
    return TransformerStack.of(
        IntStream.range(0, config.encoderLayers())
            .mapToObj(i -> {
              Weights path = encoder.child("layers", i);
              TransformerLayer layer = usual.encoder(path, attention(path, usual, own, false));
              if (i == 0 || !own.distil()) {
                return layer;
              }
              Weights between = encoder.child("conv_layers", i - 1);
              Distilling distilling = new Distilling(between, config.dModel());
              return layer.after(Branch.of(LayerBody.each(distilling::apply)));
            })
            .toList());
  }

  private static MultiHeadAttention attention(
      Weights layer, BartLayer usual, InformerConfig own, boolean causal) {
    MultiHeadAttention full = usual.attention(layer.child("self_attn"));
    return own.sparse()
        ? full.with(
            new ProbSparseAttention(
                own.samplingFactor(),
                causal,
                Sampling.OF_ALL_QUERIES,
                SEED,
                new Dropout(usual.attentionDropout())))
        : full;
  }
}
