package dev.heed.generate.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a sequence gets.
 *
 * @param maxLength most tokens, the prompt included; what maxNewTokens says comes first
 * @param maxNewTokens most tokens generated; null leaves it to maxLength
 * @param minLength fewest tokens before the end, the prompt included
 * @param minNewTokens fewest tokens generated before the end
 * @param maxTime seconds after which no further token is begun
 * @param stopStrings texts after which a sequence ends
 */
public record LengthOptions(
    int maxLength,
    @Nullable Integer maxNewTokens,
    int minLength,
    @Nullable Integer minNewTokens,
    @Nullable Double maxTime,
    List<String> stopStrings) {
  /** What holds where a config does not say. */
  public static final LengthOptions DEFAULTS =
      new LengthOptions(20, null, 0, null, null, List.of());

  /** Checks the numbers. */
  public LengthOptions {
    Options.require(maxLength >= 1, "max_length", "at least 1", maxLength);
    Options.require(
        maxNewTokens == null || maxNewTokens >= 1, "max_new_tokens", "at least 1", maxNewTokens);
    Options.require(minLength >= 0, "min_length", "at least 0", minLength);
    Options.require(
        minNewTokens == null || minNewTokens >= 0, "min_new_tokens", "at least 0", minNewTokens);
    Options.require(maxTime == null || maxTime > 0, "max_time", "seconds above 0", maxTime);
    Options.require(
        stopStrings.stream().noneMatch(String::isEmpty),
        "stop_strings",
        "texts of a character or more",
        stopStrings);
    stopStrings = List.copyOf(stopStrings);
  }

  /**
   * The length at which a sequence must end.
   *
   * @param prompt tokens given
   * @throws IllegalArgumentException if the prompt leaves no room
   */
  public int limit(int prompt) {
    if (maxNewTokens != null) {
      return Math.addExact(prompt, maxNewTokens);
    }
    Options.require(
        prompt < maxLength,
        "max_length",
        "more than the prompt's " + prompt + " tokens (or set max_new_tokens)",
        maxLength);
    return maxLength;
  }
}
