package dev.heed.mixer.linear;

import dev.heed.tensor.Tensor;

/** Cuts {@code [B, T, H · D]} into {@code [B, H, T, D]} and joins it again. */
record HeadSplit(long heads) {
  HeadSplit {
    if (heads < 1) {
      throw new IllegalArgumentException("heads: expected at least 1, got " + heads);
    }
  }

  /** Checks that a width can be cut. */
  static HeadSplit of(long size, long heads) {
    HeadSplit split = new HeadSplit(heads);
    if (size % heads != 0) {
      throw new IllegalArgumentException(
          "heads: expected a number that divides the size " + size + ", got " + heads);
    }
    return split;
  }

  Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }

  Tensor merge(Tensor x) {
    return x.transpose(1, 2).flatten(2, 3);
  }
}
