package dev.heed.model.bart;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;

/**
 * The layers of BART and its kin: {@code self_attn}, in a decoder {@code encoder_attn}, {@code fc1}
 * and {@code fc2}.
 *
 * @param size H
 * @param heads of each attention
 * @param inner size between {@code fc1} and {@code fc2}
 * @param activation between them
 * @param dropout of each part's result while training
 * @param attentionDropout of attention weights while training
 * @param activationDropout of inner values while training
 * @param preNorm whether norms stand before each part, else after its sum
 * @param keyBias whether keys have a bias (Whisper's have not)
 * @param bias whether the feed-forward maps have one
 * @param attentionBias whether attention's maps have one
 * @param affine whether norms have a gain and a bias (Galactica's have not)
 */
public record BartLayer(
    long size,
    int heads,
    long inner,
    Activation activation,
    double dropout,
    double attentionDropout,
    double activationDropout,
    boolean preNorm,
    boolean keyBias,
    boolean bias,
    boolean attentionBias,
    boolean affine) {
  private static final double EPSILON = 1e-5;

  /** A layer whose norms have a gain and a bias. */
  public BartLayer(
      long size,
      int heads,
      long inner,
      Activation activation,
      double dropout,
      double attentionDropout,
      double activationDropout,
      boolean preNorm,
      boolean keyBias,
      boolean bias) {
    this(
        size,
        heads,
        inner,
        activation,
        dropout,
        attentionDropout,
        activationDropout,
        preNorm,
        keyBias,
        bias,
        bias,
        true);
  }

  /** The same whose attention's maps have a bias, or none of them. */
  public BartLayer attentionBias(boolean other) {
    return new BartLayer(
        size,
        heads,
        inner,
        activation,
        dropout,
        attentionDropout,
        activationDropout,
        preNorm,
        keyBias && other,
        bias,
        other,
        affine);
  }

  /** A layer that reads its own sequence. */
  public TransformerLayer encoder(Weights weights) {
    return encoder(weights, attention(weights.child("self_attn")));
  }

  /** A layer that reads its own sequence by another mixer. */
  public TransformerLayer encoder(Weights weights, SequenceMixer mixer) {
    return new TransformerLayer(
        weights,
        block(weights, "self_attn_layer_norm", LayerBody.self(mixer)),
        block(weights, "final_layer_norm", feedForward(weights)));
  }

  /** The same whose norm before or after the mixer is another. */
  public TransformerLayer encoder(Weights weights, SequenceMixer mixer, Norm norm) {
    return new TransformerLayer(
        weights,
        block(norm, LayerBody.self(mixer)),
        block(weights, "final_layer_norm", feedForward(weights)));
  }

  /** A layer that reads its own sequence, then the encoder's. */
  public TransformerLayer decoder(Weights weights) {
    return decoder(weights, attention(weights.child("self_attn")));
  }

  /** A layer that reads its own sequence by another mixer, then the encoder's. */
  public TransformerLayer decoder(Weights weights, SequenceMixer mixer) {
    return new TransformerLayer(
        weights,
        block(weights, "self_attn_layer_norm", LayerBody.self(mixer)),
        block(
            weights,
            "encoder_attn_layer_norm",
            LayerBody.cross(attention(weights.child("encoder_attn")))),
        block(weights, "final_layer_norm", feedForward(weights)));
  }

  /** Its attention, with maps {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code out_proj}. */
  public MultiHeadAttention attention(Weights weights) {
    return new MultiHeadAttention(
        weights,
        new HeadProjections.Separate(
            Linear.of(weights.child("q_proj"), size, size, attentionBias),
            Linear.of(weights.child("k_proj"), size, size, keyBias),
            Linear.of(weights.child("v_proj"), size, size, attentionBias),
            Linear.of(weights.child("out_proj"), size, size, attentionBias)),
        heads,
        List.of(),
        new ScaledDotProduct(Double.NaN, new Dropout(attentionDropout)));
  }

  private Residual block(Weights weights, String norm, LayerBody body) {
    Norm own =
        affine
            ? new LayerNorm(weights.child(norm), size, EPSILON)
            : x -> x.layerNorm(null, null, EPSILON);
    return block(own, body);
  }

  private Residual block(Norm own, LayerBody body) {
    return preNorm
        ? Residual.pre(own, body, new Dropout(dropout))
        : Residual.post(own, body, new Dropout(dropout));
  }

  private LayerBody feedForward(Weights weights) {
    FeedForward feedForward =
        new FeedForward(
            weights,
            Linear.of(weights.child("fc1"), size, inner, bias),
            Linear.of(weights.child("fc2"), inner, size, bias),
            activation,
            new Dropout(activationDropout));
    return LayerBody.each(feedForward::apply);
  }
}
