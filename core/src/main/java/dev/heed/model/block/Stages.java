package dev.heed.model.block;

import java.util.List;

/** What configs of models with several stages have in common: lists with a number for each. */
public final class Stages {
  private Stages() {}

  /**
   * Checks a list.
   *
   * @param key of the config
   * @param values one from 1 for each stage
   * @param count how many stages there are
   * @throws IllegalArgumentException naming the key
   */
  public static void require(String key, List<Integer> values, int count) {
    if (count < 1 || values.size() != count || values.stream().anyMatch(value -> value < 1)) {
      throw new IllegalArgumentException(
          key + ": expected a number from 1 for each of " + count + " stages, got " + values);
    }
  }

  /**
   * Checks that heads divide sizes.
   *
   * @param sizes of each stage
   * @param heads of each stage
   * @throws IllegalArgumentException naming both
   */
  public static void requireHeads(List<Integer> sizes, List<Integer> heads) {
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i) % heads.get(i) != 0) {
        throw new IllegalArgumentException(
            "num_attention_heads: expected divisors of the sizes " + sizes + ", got " + heads);
      }
    }
  }
}
