package dev.heed.attention.mask;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mask as mechanisms without a matrix of scores understand it: looking back only or not, and
 * which keys there are.
 *
 * @param causal whether a query sees only the keys up to its own place
 * @param present bool {@code [B, Tk]}, true = no padding; null for all
 */
public record KeyMask(boolean causal, @Nullable Tensor present) {
  /**
   * Reads a mask so.
   *
   * @param mask null for none
   * @param batch how many sequences
   * @param keys how many keys
   * @return empty if the mask says more than that; its tensor is owned by the current scope
   */
  public static Optional<KeyMask> of(@Nullable AttentionMask mask, int batch, int keys) {
    return switch (mask) {
      case null -> Optional.of(new KeyMask(false, null));
      case WindowMask window when window.equals(WindowMask.FULL) ->
          Optional.of(new KeyMask(false, null));
      case WindowMask window when window.equals(WindowMask.CAUSAL) ->
          Optional.of(new KeyMask(true, null));
      case PaddingMask padding -> Optional.of(new KeyMask(false, keys(padding, batch, keys)));
      case AndMask both ->
          of(both.first(), batch, keys)
              .flatMap(first -> of(both.second(), batch, keys).map(first::and));
      default -> Optional.empty();
    };
  }

  private static Tensor keys(PaddingMask padding, int batch, int keys) {
    return TensorScope.run(
        () -> padding.toTensor(batch, 1, 1, keys).reshape(-1, keys).expand(batch, keys));
  }

  private KeyMask and(KeyMask other) {
    Tensor both =
        present == null
            ? other.present
            : other.present == null ? present : present.and(other.present);
    return new KeyMask(causal || other.causal, both);
  }
}
