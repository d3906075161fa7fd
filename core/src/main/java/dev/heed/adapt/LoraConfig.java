package dev.heed.adapt;

import dev.heed.nn.PathPattern;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model is adapted, named as in peft's {@code adapter_config.json}.
 *
 * @param r rank of the updates, from 1
 * @param loraAlpha α: an update is multiplied by {@code α / r}
 * @param targetModules which maps: {@link PathPattern}s, of which each must fit at least one
 * @param useRslora whether to multiply by {@code α / √r} instead (Kalajdzievski 2023)
 * @param fanInFanOut whether the checkpoint stores the maps {@code [in, out]}, as GPT-2's do; only
 *     handed on to the file, since a loaded map is {@code [out, in]} here either way
 * @param useDora whether the length of each row of {@code W + ΔW} is learned apart from its
 *     direction (Liu et al. 2024, equation 5)
 * @param rankPattern other ranks, by the end of a map's path; of several that fit the first counts
 * @param alphaPattern other α, likewise
 */
public record LoraConfig(
    int r,
    double loraAlpha,
    List<String> targetModules,
    boolean useRslora,
    boolean fanInFanOut,
    boolean useDora,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern) {
  private static final String PLAIN = "[\\w.-]+";

  /** Checks the ranges. */
  public LoraConfig {
    LowRankUpdate.requireRank(r);
    requireAlpha(loraAlpha);
    if (targetModules.isEmpty()) {
      throw new IllegalArgumentException(
          "target_modules: expected at least one pattern, got none; query or *.dense, say");
    }
    targetModules = List.copyOf(targetModules);
    targetModules.forEach(PathPattern::of);
    rankPattern = copied(rankPattern);
    alphaPattern = copied(alphaPattern);
    rankPattern.forEach((path, rank) -> {
      requirePlain("rank_pattern", path);
      LowRankUpdate.requireRank(rank);
    });
    alphaPattern.forEach((path, alpha) -> {
      requirePlain("alpha_pattern", path);
      requireAlpha(alpha);
    });
  }

  /** Rank, α and targets; scaled by {@code α / r}. */
  public LoraConfig(int r, double loraAlpha, String... targetModules) {
    this(r, loraAlpha, List.of(targetModules), false, false);
  }

  /** One rank and one α for all maps. */
  public LoraConfig(
      int r, double loraAlpha, List<String> targetModules, boolean useRslora, boolean fanInFanOut) {
    this(r, loraAlpha, targetModules, useRslora, fanInFanOut, false, Map.of(), Map.of());
  }

  /** The same that learns the rows' lengths apart. */
  public LoraConfig withDora() {
    return new LoraConfig(
        r, loraAlpha, targetModules, useRslora, fanInFanOut, true, rankPattern, alphaPattern);
  }

  /** The same with other ranks and α for some maps, by the ends of their paths. */
  public LoraConfig withPatterns(Map<String, Integer> ranks, Map<String, Double> alphas) {
    return new LoraConfig(
        r, loraAlpha, targetModules, useRslora, fanInFanOut, useDora, ranks, alphas);
  }

  private static <V> Map<String, V> copied(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private static void requireAlpha(double alpha) {
    if (!(alpha > 0 && Double.isFinite(alpha))) {
      throw new IllegalArgumentException("lora_alpha: expected a number above 0, got " + alpha);
    }
  }

  private static void requirePlain(String key, String path) {
    if (!path.matches(PLAIN)) {
      throw new IllegalArgumentException(
          key + ": expected the ends of paths, written out, got " + path);
    }
  }

  /** The rank of a map's update. */
  public int rank(String path) {
    return found(rankPattern, path, r);
  }

  /** {@code α / r}, or {@code α / √r}, of a map's update. */
  public double scale(String path) {
    int rank = rank(path);
    return found(alphaPattern, path, loraAlpha) / (useRslora ? Math.sqrt(rank) : rank);
  }

  private static <V> V found(Map<String, V> patterns, String path, V otherwise) {
    for (Map.Entry<String, V> one : patterns.entrySet()) {
      if (path.equals(one.getKey()) || path.endsWith("." + one.getKey())) {
        return one.getValue();
      }
    }
    return otherwise;
  }
}
