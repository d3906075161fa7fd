/** Exact attention against LibTorch's fused kernel and against the plain formula, side by side. */
@NullMarked
package dev.heed.bench.attention;

import org.jspecify.annotations.NullMarked;
