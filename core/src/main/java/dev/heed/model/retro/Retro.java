package dev.heed.model.retro;

import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A language model that reads retrieved neighbours chunk by chunk (Borgeaud et al. 2021): causal
 * self-attention, chunked cross-attention in some layers, a GELU network, each before a
 * root-mean-square norm and a residual sum. The neighbours are encoded once, at the first layer
 * that reads them.
 */
public final class Retro extends Module {
  private record Layer(
      RetroNorm selfNorm,
      RetroAttention self,
      @Nullable RetroNorm crossNorm,
      @Nullable ChunkedCrossAttention cross,
      RetroFeedForward feedForward) {}

  private final RetroConfig config;
  private final Embedding tokens;
  private final Embedding positions;
  private final @Nullable Linear toDecoder;
  private final NeighbourEncoder encoder;
  private final List<Layer> layers = new ArrayList<>();
  private final RetroNorm norm;
  private final Linear logits;
  private final Tensor frequencies;

  /** With the parameter names of the PyTorch package that the reference was recorded with. */
  public Retro(Weights weights, RetroConfig config) {
    super(weights);
    this.config = config;
    int size = config.decoderSize();
    int wide = config.encoderSize();
    this.tokens = new Embedding(weights.child("token_emb"), config.vocabulary(), wide, -1);
    this.positions = new Embedding(weights.child("pos_emb"), config.longest(), wide, -1);
    this.toDecoder =
        wide == size ? null : Linear.of(weights.child("to_decoder_model_dim"), wide, size);
    this.encoder = new NeighbourEncoder(weights.child("encoder"), config);
    Weights decoder = weights.child("decoder");
    for (int i = 0; i < config.decoderLayers(); i++) {
      layers.add(layer(decoder.child("layers", i), config.crossLayers().contains(i + 1)));
    }
    this.norm = new RetroNorm(decoder.child("norm_out"), size);
    this.logits = Linear.of(weights.child("to_logits"), size, config.vocabulary());
    this.frequencies =
        decoder.buffer(
            "rotary_pos_emb.inv_freq",
            (shape, dtype, generator) -> RotaryAngles.frequencies(shape, dtype),
            config.rotarySize() / 2);
  }

  private Layer layer(Weights weights, boolean reads) {
    int size = config.decoderSize();
    int heads = config.heads();
    int head = config.headSize();
    return new Layer(
        new RetroNorm(weights.child("0.norm"), size),
        new RetroAttention(
            weights.child("0.fn"), new RetroAttention.Size(size, size, heads, head, true, false)),
        reads ? new RetroNorm(weights.child("1.norm"), size) : null,
        reads
            ? new ChunkedCrossAttention(
                weights.child("1.fn"),
                new RetroAttention.Size(size, size, heads, head, false, true),
                config.chunk(),
                config.firstQueryOnly())
            : null,
        new RetroFeedForward(weights.child("2"), size));
  }

  /**
   * Predicts the next tokens.
   *
   * @param ids i64 {@code [B, T]}
   * @param retrieved i64 {@code [B, T / chunk, neighbours, length]}, filled up with the padding
   *     token
   * @return {@code [B, T, vocabulary]}
   */
  public Tensor apply(Tensor ids, Tensor retrieved) {
    return apply(ids, retrieved, Trace.NONE);
  }

  /**
   * The same, traced: attention as {@link RetroAttention} says below {@code decoder.layers.N.0.fn}
   * (to itself) and {@code decoder.layers.N.1.fn.cross_attn} (to neighbours, a row a chunk), layers
   * at {@code decoder.layers.N.resid_post}, the encoder's below {@code encoder}.
   */
  public Tensor apply(Tensor ids, Tensor retrieved, Trace trace) {
    return TensorScope.run(() -> {
      Tensor places = positions.apply(Tensor.arange(ids.size(1), DType.I64));
      Tensor x = tokens.apply(ids).add(places);
      x = toDecoder == null ? x : toDecoder.apply(x);
      RotaryAngles angles = RotaryAngles.of(frequencies, 0, ids.size(1));
      Tensor mask = retrieved.ne(config.padding());
      Tensor encoded = null;
      for (int i = 0; i < layers.size(); i++) {
        Layer layer = layers.get(i);
        Tensor self = layer.selfNorm().apply(x);
        x = x.add(layer.self().apply(self, self, null, angles, angles, trace).output());
        if (layer.cross() != null && layer.crossNorm() != null) {
          encoded = encoded == null ? encode(x, retrieved, mask, trace) : encoded;
          Tensor query = layer.crossNorm().apply(x);
          x = x.add(layer.cross().apply(query, encoded, mask, frequencies, trace).output());
        }
        Tensor fed = layer.feedForward().apply(x);
        x = trace.visit(point("decoder.layers." + i + ".resid_post"), fed);
      }
      return logits.apply(norm.apply(x));
    });
  }

  /** Each neighbour sees the chunk it was retrieved for. */
  private Tensor encode(Tensor x, Tensor retrieved, Tensor mask, Trace trace) {
    long chunks = retrieved.size(1);
    Tensor chunk =
        x.narrow(1, 0, chunks * config.chunk())
            .reshape(x.size(0) * chunks, config.chunk(), x.size(2))
            .repeatInterleave(retrieved.size(2), 0);
    Tensor flat = tokens.apply(retrieved).flatten(0, 2);
    return encoder
        .apply(flat, mask.flatten(0, 2), chunk, trace)
        .reshape(x.size(0), chunks, retrieved.size(2), retrieved.size(3), config.decoderSize());
  }
}
