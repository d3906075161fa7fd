package dev.heed.model.t5;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.Sublayer;
import dev.heed.attention.score.BucketBias;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The layers of T5's encoder or decoder, and the tables of their score biases.
 *
 * @param stack the layers
 * @param tables for each layer the bias of a bucket and head, {@code [buckets, heads]}; T5 has one
 *     for all, UMT5 one each
 * @param buckets of distances
 */
record T5Stack(TransformerStack stack, List<Tensor> tables, RelativeBuckets buckets) {
  /** How the scores of a layer's self-attention are changed. */
  IntFunction<@Nullable ScoreModifier> bias() {
    return layer -> new BucketBias(buckets, tables.get(layer));
  }

  /**
   * Builds it.
   *
   * @param decoder whether it is the decoder
   * @param ownTables whether every layer has a table of its own
   * @param reading how an encoder's layers attend
   */
  static T5Stack of(
      Weights root, boolean decoder, T5Config config, boolean ownTables, T5Reading reading) {
    String part = decoder ? "decoder" : "encoder";
    String self = decoder ? T5Reading.NAME : reading.name();
    Weights weights = root.child(part);
    RelativeBuckets buckets = config.buckets(!decoder);
    T5Reading.Maker maker = reading.in(weights, config);
    List<TransformerLayer> layers = new ArrayList<>();
    List<Tensor> tables = new ArrayList<>();
    for (int i = 0; i < (decoder ? config.decoderLayers() : config.numLayers()); i++) {
      Weights block = weights.child("block", i);
      layers.add(decoder ? decoderLayer(block, config) : encoderLayer(block, config, self, maker));
      tables.add(
          i == 0 || ownTables
              ? table(block.child("layer.0").child(self), "relative_attention_bias", config)
              : tables.getFirst());
    }
    RmsNorm norm = norm(weights.child("final_layer_norm"), config);
    Dropout dropout = new Dropout(config.dropoutRate());
    TransformerStack stack = TransformerStack.of(layers, norm).dropping(dropout);
    return new T5Stack(stack, tables, buckets);
  }

  /** The bias of a bucket and head, {@code [buckets, heads]}. */
  static Tensor table(Weights attention, String name, T5Config config) {
    return attention
        .child(name)
        .parameter(
            "weight",
            Initializer.normal(Math.pow(config.dModel(), -0.5)),
            config.relativeAttentionNumBuckets(),
            config.numHeads());
  }

  private static TransformerLayer encoderLayer(
      Weights block, T5Config config, String self, T5Reading.Maker maker) {
    SequenceMixer mixer = maker.of(block, attention(block, "0." + self, config));
    return new TransformerLayer(
        block,
        block(block, 0, LayerBody.self(mixer), config),
        block(block, 1, LayerBody.each(feedForward(block, 1, config)), config));
  }

  private static TransformerLayer decoderLayer(Weights block, T5Config config) {
    // Old files have a bias for attention to the encoder, which nothing reads.
    block.ignore("layer.1.EncDecAttention.relative_attention_bias.weight");
    return new TransformerLayer(
        block,
        block(block, 0, LayerBody.self(attention(block, "0." + T5Reading.NAME, config)), config),
        block(block, 1, LayerBody.cross(attention(block, "1.EncDecAttention", config)), config),
        block(block, 2, LayerBody.each(feedForward(block, 2, config)), config));
  }

  private static Residual block(Weights block, int number, LayerBody body, T5Config config) {
    return Residual.pre(
        norm(block.child("layer." + number + ".layer_norm"), config),
        body,
        new Dropout(config.dropoutRate()));
  }

  static RmsNorm norm(Weights weights, T5Config config) {
    return new RmsNorm(weights, config.dModel(), config.layerNormEpsilon());
  }

  private static MultiHeadAttention attention(Weights block, String name, T5Config config) {
    Weights weights = block.child("layer." + name);
    long size = config.dModel();
    long inner = (long) config.numHeads() * config.dKv();
    return new MultiHeadAttention(
        weights,
        new HeadProjections.Separate(
            Linear.of(weights.child("q"), size, inner, false),
            Linear.of(weights.child("k"), size, inner, false),
            Linear.of(weights.child("v"), size, inner, false),
            Linear.of(weights.child("o"), inner, size, false)),
        config.numHeads(),
        List.of(),
        new ScaledDotProduct(1, new Dropout(config.dropoutRate())));
  }

  private static Sublayer feedForward(Weights block, int number, T5Config config) {
    Weights weights = block.child("layer." + number + ".DenseReluDense");
    long size = config.dModel();
    long inner = config.dFf();
    Dropout dropout = new Dropout(config.dropoutRate());
    Linear outer = Linear.of(weights.child("wo"), inner, size, false);
    if (config.gated()) {
      return new GatedFeedForward(
              weights,
              Linear.of(weights.child("wi_0"), size, inner, false),
              Linear.of(weights.child("wi_1"), size, inner, false),
              outer,
              config.activation(),
              dropout)
          ::apply;
    }
    return new FeedForward(
            weights,
            Linear.of(weights.child("wi"), size, inner, false),
            outer,
            config.activation(),
            dropout)
        ::apply;
  }
}
