package dev.heed.attention;

import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;

/** What a layer does to each position alone, for example {@link dev.heed.nn.FeedForward#apply}. */
@FunctionalInterface
public interface Sublayer {
  /** Maps {@code [B, T, size]} to {@code [B, T, size]}. */
  Tensor apply(Tensor x, Trace trace);
}
