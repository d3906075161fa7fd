package dev.heed.generate.config;

import dev.heed.attention.ByteGroups;
import org.jspecify.annotations.Nullable;

/**
 * How what is known of earlier tokens is kept.
 *
 * @param cacheImplementation {@code quantized} for keys and values in bytes; any other leaves the
 *     tokens as they are
 * @param cacheConfig of keys and values in bytes; null for none
 */
public record CacheOptions(@Nullable String cacheImplementation, @Nullable Quantised cacheConfig) {
  private static final int BITS = 8;

  /**
   * How keys and values are kept in bytes.
   *
   * @param nbits bits of a number, 8
   * @param qGroupSize numbers of a group, 0 for 64 where that divides the heads' size, else all
   */
  public record Quantised(int nbits, int qGroupSize) {
    /** Checks the numbers. */
    public Quantised {
      Options.require(nbits == BITS, "cache_config, nbits", "8", nbits);
      Options.require(qGroupSize >= 0, "cache_config, q_group_size", "at least 1", qGroupSize);
    }
  }

  /** What holds where a config does not say. */
  public static final CacheOptions DEFAULTS = new CacheOptions(null, null);

  /**
   * How keys and values are kept in bytes, or null for as they are.
   *
   * @throws IllegalArgumentException if one key is set without the other: what the reference would
   *     take then, 4 bits, is not offered
   */
  public @Nullable ByteGroups bytes() {
    Options.require(
        "quantized".equals(cacheImplementation) == (cacheConfig != null),
        "cache_config",
        "bits, as {\"nbits\": 8}, with cache_implementation quantized and with no other",
        cacheConfig == null ? "none" : "some with " + cacheImplementation);
    return cacheConfig == null ? null : new ByteGroups(cacheConfig.qGroupSize());
  }
}
