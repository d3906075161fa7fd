package dev.heed.attention.mask;

/** How much of a rectangle of queries × keys a mask lets through. */
public enum BlockKind {
  /** No query of the block may attend to any of its keys: the kernel skips it. */
  EMPTY,
  /** Every query may attend to every key: the kernel applies no test. */
  FULL,
  /** Some pairs are allowed, or nobody knows: the kernel asks for every pair. */
  PARTIAL
}
