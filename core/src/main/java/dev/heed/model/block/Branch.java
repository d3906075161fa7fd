package dev.heed.model.block;

import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;
import dev.heed.tensor.Tensor;

/**
 * One branch beside the residual stream: {@code after(dropout(body(before(x))))}.
 *
 * @param before a norm, or {@link Norm#NONE}
 * @param body attention or a feed-forward network
 * @param dropout of the body's result while training
 * @param after a norm or a scale of the result, or {@link Norm#NONE}
 */
public record Branch(Norm before, LayerBody body, Dropout dropout, Norm after) {
  /** The same whose body is another mixer. */
  Branch with(SequenceMixer mixer) {
    return new Branch(before, LayerBody.self(mixer), dropout, after);
  }

  Tensor apply(Tensor x, LayerCall call) {
    return after.apply(dropout.apply(body.apply(before.apply(x), call), call.trace()));
  }
}
