package dev.heed.model.tp;

import dev.heed.model.block.Branch;
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
 * The layers of encoder and decoder, under the authors' names (Schlag et al. 2019, section 2.4).
 */
public final class TpLayer {
  private static final double EPSILON = 1e-5;
  private static final Dropout NONE = new Dropout(0);

  private TpLayer() {}

  /** {@code x += attention(norm₁ x); x += feedForward(norm₂ x); norm₃ x}. */
  public static TransformerLayer encoder(Weights weights, long size, int heads, long filter) {
    TpAttention attention = new TpAttention(weights.child("MHA"), size, heads);
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights, 1, size), LayerBody.self(attention), NONE),
        last(weights, 2, size, filter));
  }

  /**
   * {@code x += self(norm₁ x); x += cross(norm₂ x, encoded); x += feedForward(norm₃ x); norm₄ x}.
   */
  public static TransformerLayer decoder(Weights weights, long size, int heads, long filter) {
    TpAttention self = new TpAttention(weights.child("selfAttn"), size, heads);
    TpAttention cross = new TpAttention(weights.child("encAttn"), size, heads);
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights, 1, size), LayerBody.self(self), NONE),
        Residual.pre(norm(weights, 2, size), LayerBody.cross(cross), NONE),
        last(weights, 3, size, filter));
  }

  /** The feed-forward network between a norm of its input and one of the sum. */
  private static Residual last(Weights weights, int number, long size, long filter) {
    LayerBody body = LayerBody.each(feedForward(weights, size, filter)::apply);
    Branch branch = new Branch(norm(weights, number, size), body, NONE, Norm.NONE);
    return new Residual(List.of(branch), norm(weights, number + 1, size));
  }

  private static LayerNorm norm(Weights layer, int number, long size) {
    return new LayerNorm(layer.child("layernorm" + number), size, EPSILON);
  }

  private static FeedForward feedForward(Weights layer, long size, long filter) {
    Weights maps = layer.child("densefilter");
    return new FeedForward(
        maps,
        Linear.of(maps.child("linear1"), size, filter),
        Linear.of(maps.child("linear2"), filter, size),
        Activation.RELU,
        NONE);
  }
}
