package dev.heed.nn.lora;

import dev.heed.nn.PathPattern;
import java.util.List;

/**
 * How a model is adapted, named as in peft's {@code adapter_config.json}.
 *
 * @param r rank of the updates, from 1
 * @param loraAlpha α: an update is multiplied by {@code α / r}
 * @param targetModules which maps: {@link PathPattern}s, of which each must fit at least one
 * @param useRslora whether to multiply by {@code α / √r} instead (Kalajdzievski 2023)
 * @param fanInFanOut whether the checkpoint stores the maps {@code [in, out]}, as GPT-2's do; only
 *     handed on to the file, since a loaded map is {@code [out, in]} here either way
 */
public record LoraConfig(
    int r, double loraAlpha, List<String> targetModules, boolean useRslora, boolean fanInFanOut) {
  /** Checks the ranges. */
  public LoraConfig {
    LowRankUpdate.requireRank(r);
    if (!(loraAlpha > 0 && Double.isFinite(loraAlpha))) {
      throw new IllegalArgumentException("lora_alpha: expected a number above 0, got " + loraAlpha);
    }
    if (targetModules.isEmpty()) {
      throw new IllegalArgumentException(
          "target_modules: expected at least one pattern, got none; query or *.dense, say");
    }
    targetModules = List.copyOf(targetModules);
    targetModules.forEach(PathPattern::of);
  }

  /** Rank, α and targets; scaled by {@code α / r}. */
  public LoraConfig(int r, double loraAlpha, String... targetModules) {
    this(r, loraAlpha, List.of(targetModules), false, false);
  }

  /** {@code α / r}, or {@code α / √r}. */
  public double scale() {
    return loraAlpha / (useRslora ? Math.sqrt(r) : r);
  }
}
