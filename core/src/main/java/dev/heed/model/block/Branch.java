package dev.heed.model.block;

import dev.heed.attention.MixerSwap;
import dev.heed.attention.ModifiedAttention;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;

/**
 * One branch: {@code after(dropout(body(before(x))))}. Beside the residual stream it is part of a
 * {@link Residual}; alone in a layer it takes the stream's place (Informer's distilling).
 *
 * @param before a norm, or {@link Norm#NONE}
 * @param body attention or a feed-forward network
 * @param dropout of the body's result while training
 * @param after a norm or a scale of the result, or {@link Norm#NONE}
 */
public record Branch(Norm before, LayerBody body, Dropout dropout, Norm after) implements Block {
  /** A body alone. */
  public static Branch of(LayerBody body) {
    return new Branch(Norm.NONE, body, new Dropout(0), Norm.NONE);
  }

  /** A body behind a norm. */
  public static Branch of(Norm before, LayerBody body) {
    return new Branch(before, body, new Dropout(0), Norm.NONE);
  }

  @Override
  public Branch withMixer(int number, MixerSwap swap) {
    return switch (body) {
      case LayerBody.Self(MultiHeadAttention own) -> with(LayerBody.self(swap.swap(number, own)));
      case LayerBody.Self(ModifiedAttention own) ->
          with(LayerBody.self(own.around(swap.swap(number, own.attention()))));
      case LayerBody.Chain chain -> with(chain.withMixer(number, swap));
      default -> this;
    };
  }

  private Branch with(LayerBody other) {
    return new Branch(before, other, dropout, after);
  }

  @Override
  public Tensor apply(Tensor x, LayerCall call) {
    return finish(body.apply(before.apply(x), call), call);
  }

  /** From what the body gave on. */
  Tensor finish(Tensor made, LayerCall call) {
    return after.apply(dropout.apply(made, call.trace()));
  }
}
