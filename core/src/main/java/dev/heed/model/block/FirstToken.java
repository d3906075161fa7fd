package dev.heed.model.block;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.mask.KeyMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * A layer of which the first token alone is read: the others are keys and values of its attention,
 * and go no further. Of a last layer's twelve products of the size {@code H²} a token, two remain.
 */
final class FirstToken {
  private FirstToken() {}

  /**
   * Whether the first token can be computed alone: by attention that knows no places, then by what
   * happens to each position alone.
   *
   * @param x what goes into the layer, {@code [B, T, H]}
   */
  static boolean fits(List<Block> blocks, Tensor x, LayerCall call) {
    for (int i = 0; i < blocks.size(); i++) {
      if (!(blocks.get(i) instanceof Residual residual) || residual.branches().size() != 1) {
        return false;
      }
      LayerBody body = residual.branches().getFirst().body();
      boolean fits =
          i == 0
              ? body instanceof LayerBody.Self(MultiHeadAttention own) && own.isWithoutPlaces()
              : body instanceof LayerBody.Each;
      if (!fits) {
        return false;
      }
    }
    return !blocks.isEmpty() && x.size(1) > 1 && fits(call.self(), x);
  }

  private static boolean fits(AttentionRequest request, Tensor x) {
    boolean plain = request.modifier() == null && !request.weights() && request.state() == null;
    return plain
        && TensorScope.run(() ->
            KeyMask.of(request.mask(), (int) x.size(0), (int) x.size(1))
                .filter(mask -> !mask.causal())
                .isPresent());
  }

  /**
   * The first block, for the first token.
   *
   * @param x {@code [B, T, H]}
   * @return {@code [B, 1, H]}
   */
  static Tensor attend(Block block, Tensor x, LayerCall call) {
    Residual residual = (Residual) block;
    Branch branch = residual.branches().getFirst();
    var attention = (MultiHeadAttention) ((LayerBody.Self) branch.body()).mixer();
    Tensor start = residual.stream().apply(x);
    Tensor seen = branch.before().apply(start);
    Tensor mixed = attention.cross(of(seen), seen, call.self()).output();
    Tensor added = branch.finish(mixed, call);
    return residual.sum().apply(added.add(residual.kept().apply(of(start))));
  }

  private static Tensor of(Tensor states) {
    return states.narrow(1, 0, 1);
  }
}
