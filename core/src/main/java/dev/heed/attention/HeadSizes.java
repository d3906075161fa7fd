package dev.heed.attention;

/**
 * The sizes of an attention's maps.
 *
 * @param size of a token's vector
 * @param heads of queries
 * @param keyHeads of keys and values, a divisor of {@code heads}
 * @param headSize of each head's queries, keys and values
 */
public record HeadSizes(long size, int heads, int keyHeads, long headSize) {
  /** Checks the sizes. */
  public HeadSizes {
    if (size < 1 || heads < 1 || keyHeads < 1 || headSize < 1 || heads % keyHeads != 0) {
      throw new IllegalArgumentException(
          "attention: expected sizes from 1 and a number of key heads that divides the "
              + heads
              + " heads, got "
              + keyHeads
              + " key heads of size "
              + headSize
              + " for vectors of size "
              + size);
    }
  }

  /** What all query heads have together. */
  public long queries() {
    return heads * headSize;
  }

  /** What all key heads have together. */
  public long keys() {
    return keyHeads * headSize;
  }
}
