package dev.heed.generate.config;

import org.jspecify.annotations.Nullable;

/** Refuses values outside of what an option is defined for. */
final class Options {
  private Options() {}

  static void require(boolean holds, String key, String expected, @Nullable Object got) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": expected " + expected + ", got " + got);
    }
  }
}
