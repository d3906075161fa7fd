package dev.heed.mixer.catalogue;

/** Which way a mixer looks. */
public enum Direction {
  /** At earlier and later tokens. */
  BOTH_WAYS,
  /** At earlier tokens only. */
  CAUSAL,
  /** As it is built. */
  EITHER;

  /** Whether it can be built so. */
  public boolean allows(boolean causal) {
    return this == EITHER || (this == CAUSAL) == causal;
  }
}
