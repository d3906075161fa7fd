package dev.heed.model.bart;

import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Norm;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The encoder or the decoder: embeddings and layers.
 *
 * @param words the token table
 * @param scale of token vectors
 * @param positions added to them
 * @param norm of the sum
 * @param dropout of the sum while training
 * @param stack the layers
 */
record BartHalf(
    Embedding words,
    double scale,
    BartPositions positions,
    Norm norm,
    Dropout dropout,
    TransformerStack stack) {
  private static final double EPSILON = 1e-5;

  static BartHalf encoder(
      Weights weights, BartConfig config, BartAssembly assembly, Embedding words) {
    BartStyle style = assembly.style();
    BartLayer usual = config.layer(false, style.preNorm()).attentionBias(style.bias());
    BartAssembly.EncoderLayers own = assembly.encoder();
    return of(
        weights,
        config,
        style,
        words,
        config.encoderLayers(),
        (layer, number) -> own == null ? usual.encoder(layer) : own.layer(layer, config, number),
        "encoder_");
  }

  static BartHalf decoder(Weights weights, BartConfig config, BartStyle style, Embedding words) {
    BartLayer layer = config.layer(true, style.preNorm()).attentionBias(style.bias());
    return of(
        weights,
        config,
        style,
        words,
        config.decoderLayers(),
        (own, number) -> layer.decoder(own),
        "decoder_");
  }

  private static BartHalf of(
      Weights weights,
      BartConfig config,
      BartStyle style,
      Embedding words,
      int count,
      BiFunction<Weights, Integer, TransformerLayer> layer,
      String names) {
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      layers.add(layer.apply(weights.child("layers", i), i));
    }
    Norm last = norm(weights, style.lastNorm(), config, style.preNorm());
    return new BartHalf(
        words,
        config.scale(),
        style.positions().of(weights, config),
        norm(weights, "layernorm_embedding", config, style.normsEmbeddings()),
        new Dropout(config.dropout()),
        TransformerStack.of(layers, last).named(names));
  }

  private static Norm norm(Weights weights, String name, BartConfig config, boolean there) {
    return there ? new LayerNorm(weights.child(name), config.dModel(), EPSILON) : Norm.NONE;
  }

  /** {@code [B, T, H]} of tokens i64 {@code [B, T]} at places i64 {@code [T]}. */
  Tensor embed(Tensor ids, Tensor places, Trace trace) {
    Tensor vectors = words.apply(ids).mul(scale);
    Tensor moved = vectors.add(positions.apply(ids, places).to(vectors.dtype()));
    return dropout.apply(norm.apply(moved), trace);
  }
}
