package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Longformer's attention in a layer: a window, and the global tokens that the request's {@link
 * TokenRoles} name (Beltagy et al. 2020, section 3.1).
 *
 * <p>Its weights are {@code [B, H, T, G + 2·window + 1]}, the global keys first, with rows of zeros
 * for the global tokens; theirs are {@code [B, H, T', G]}, where T' is T filled up to a multiple,
 * as the reference gives them. A trace is given the map of all tokens, {@code [B, H, T, T]}, at
 * {@code pattern}.
 */
public final class LongformerSelfAttention extends Module implements SequenceMixer {
  private final LongformerAttention attention;
  private final Linear output;
  private final int multiple;
  private final Dropout dropout;

  /**
   * From parts under the names the checkpoint gives them.
   *
   * @param weights the path of the projections
   * @param output joins the heads
   * @param window keys seen on either side, from 1
   * @param multiple what the weights of global tokens are filled up to a multiple of
   * @param dropout of weights while training
   */
  public LongformerSelfAttention(
      Weights weights, Linear output, int heads, int window, int multiple, Dropout dropout) {
    super(weights);
    this.attention = LongformerAttention.sliding(weights, output.in(), heads, window);
    this.output = output;
    this.multiple = multiple;
    this.dropout = dropout;
  }

  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor roles = roles(x, request);
      AttentionRequest named = request.at(tracePath());
      boolean drops = dropout.probability() > 0 && request.trace().dropoutGenerator() != null;
      if (!request.weights() && !named.wants("pattern") && !drops) {
        return AttentionOutput.of(output.apply(named.visit("z", attention.read(x, roles))));
      }
      LongformerAttention.Result result =
          attention.apply(x, roles, weights -> dropout.apply(weights, request.trace()));
      // What global tokens read stands among their own weights.
      Tensor far = roles.gt(0).unsqueeze(1).unsqueeze(-1); // [B, 1, T, 1]
      Tensor weights = result.local().maskedFill(far, 0);
      if (named.wants("pattern")) {
        named.visit("pattern", map(result, roles));
      }
      Tensor z = named.visit("z", result.output());
      return new AttentionOutput(output.apply(z), weights, filled(result.global(), roles));
    });
  }

  private static Tensor roles(Tensor x, AttentionRequest request) {
    if (request.mask() instanceof TokenRoles given) {
      return given.roles();
    }
    if (request.mask() == null) {
      return Tensor.zeros(Shape.of(x.size(0), x.size(1)), DType.I64);
    }
    throw new IllegalArgumentException(
        "Longformer: expected a mask that says which tokens are padding and which are global, got "
            + request.mask().getClass().getSimpleName());
  }

  /** Every token's weights of all tokens, {@code [B, H, T, T]}. */
  private static Tensor map(LongformerAttention.Result result, Tensor roles) {
    GlobalTokens tokens = GlobalTokens.of(roles, result.local().dtype());
    long time = roles.size(1);
    long slots = tokens.positions().size(1);
    long width = result.local().size(3) - slots;
    // A row one shorter than it was stands one place further right than the row before it.
    Tensor near =
        result
            .local()
            .narrow(3, slots, width)
            .pad(0, 0, time)
            .flatten(2, 3)
            .narrow(2, 0, time * (width - 1 + time))
            .unflatten(2, time, width - 1 + time)
            .narrow(3, (width - 1) / 2, time);
    if (result.global() == null) {
      return near;
    }
    Tensor places = tokens.rows().unsqueeze(1); // [B, 1, T, G]
    Tensor all = near.add(result.local().narrow(3, 0, slots).matmul(places.transpose(2, 3)));
    Tensor kept = places.sum(-1, true).neg().add(1);
    return all.mul(kept).add(places.matmul(result.global()));
  }

  /** Filled up with keys that nothing sees; slots without a token are uniform over all of them. */
  private @Nullable Tensor filled(@Nullable Tensor global, Tensor roles) {
    if (global == null) {
      return null;
    }
    long time = global.size(3);
    long all = Math.ceilDiv(time, multiple) * multiple;
    Tensor empty = GlobalTokens.of(roles, global.dtype()).filled().not().unsqueeze(1).unsqueeze(-1);
    Tensor more =
        Tensor.zeros(
            Shape.of(global.size(0), global.size(1), global.size(2), all - time), global.dtype());
    Tensor wide = Tensor.cat(List.of(global, more), -1);
    return wide.maskedFill(empty, 1.0 / all).transpose(2, 3);
  }
}
