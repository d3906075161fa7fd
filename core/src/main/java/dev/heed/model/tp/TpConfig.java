package dev.heed.model.tp;

/**
 * Sizes and choices of a {@link TpTransformer}.
 *
 * @param vocabulary how many ids
 * @param size of a token's vector
 * @param heads divides {@code size}
 * @param filter width of the feed-forward parts
 * @param layers of the encoder and of the decoder
 * @param padding the id that is no token
 * @param targetPadding how padded targets are hidden
 */
public record TpConfig(
    long vocabulary,
    long size,
    int heads,
    long filter,
    int layers,
    long padding,
    TargetPadding targetPadding) {
  /** How padded target tokens are hidden in the decoder's self-attention. */
  public enum TargetPadding {
    /** No query sees a padded key. */
    KEYS,
    /**
     * The authors' implementation: a padded query sees all keys alike, those after it too, and
     * padded keys are not hidden from others.
     */
    QUERIES
  }

  /** Checks what must divide what. */
  public TpConfig {
    if (heads < 1 || size % heads != 0) {
      throw new IllegalArgumentException(
          "TP-Transformer: expected heads that divide the size, got " + heads + " and " + size);
    }
  }
}
