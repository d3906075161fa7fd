package dev.heed.model.autoformer;

import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.sparse.AutoCorrelation;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.forecast.CircularConvolution;
import dev.heed.model.forecast.Decomposition;
import dev.heed.model.forecast.SeriesConfig;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Makes Autoformer's layers.
 *
 * @param config sizes
 * @param split of states into trend and season
 * @param mechanism how they read
 */
record AutoformerLayers(SeriesConfig config, Decomposition split, AutoCorrelation mechanism) {
  private static final double EPSILON = 1e-5;

  /** A layer of the encoder, which keeps the season of each sum. */
  TransformerLayer encoder(Weights weights) {
    LayerNorm norm = norm(weights.child("self_attn_layer_norm"));
    Norm last = seasonal(weights);
    return new TransformerLayer(
        weights,
        Residual.post(
            x -> split.season(norm.apply(x)),
            LayerBody.self(attention(weights.child("self_attn"), false)),
            new Dropout(config.dropout())),
        Residual.post(
            x -> last.apply(split.season(x)),
            feedForward(weights, config.encoderFfnDim()),
            new Dropout(config.dropout())));
  }

  /** A layer of the decoder, which hands the trends on. */
  AutoformerDecoderLayer decoder(Weights weights) {
    return new AutoformerDecoderLayer(
        weights,
        new AutoformerDecoderLayer.Parts(
            sum(LayerBody.self(attention(weights.child("self_attn"), true))),
            norm(weights.child("self_attn_layer_norm")),
            sum(LayerBody.cross(attention(weights.child("encoder_attn"), true))),
            norm(weights.child("encoder_attn_layer_norm")),
            sum(feedForward(weights, config.decoderFfnDim())),
            seasonal(weights),
            split,
            new CircularConvolution(
                weights.child("trend_projection"), config.dModel(), config.width(), false)));
  }

  private Residual sum(LayerBody body) {
    return Residual.post(Norm.NONE, body, new Dropout(config.dropout()));
  }

  private MultiHeadAttention attention(Weights weights, boolean decoder) {
    return config.layer(decoder).attention(weights).with(mechanism);
  }

  private LayerNorm norm(Weights weights) {
    return new LayerNorm(weights, config.dModel(), EPSILON);
  }

  /** {@code norm(x)} minus its mean over the series. */
  private Norm seasonal(Weights weights) {
    LayerNorm norm = norm(weights.child("final_layer_norm.layernorm"));
    return x ->
        TensorScope.run(() -> {
          Tensor normed = norm.apply(x);
          return normed.sub(normed.mean(1, true));
        });
  }

  private LayerBody feedForward(Weights weights, long inner) {
    long size = config.dModel();
    FeedForward both =
        new FeedForward(
            weights,
            Linear.of(weights.child("fc1"), size, inner),
            Linear.of(weights.child("fc2"), inner, size),
            Activation.named(config.activationFunction()),
            new Dropout(config.activationDropout()));
    return LayerBody.each(both::apply);
  }
}
