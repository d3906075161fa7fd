package dev.heed.attention.kernel;

/** The ways to compute exact attention; all agree within rounding. */
public enum AttentionPath {
  /** Heed's own kernel on the Vector API. */
  VECTOR,
  /** LibTorch's fused kernel: no score modifiers, no dropout, a mask only as a whole matrix. */
  LIBTORCH,
  /** Plain loops in double precision. */
  SCALAR
}
