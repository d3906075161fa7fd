package dev.heed.model.coatnet;

import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;

/** A block of a stage. */
public interface CoAtNetBlock {
  /** Maps {@code [B, in, height, width]} to {@code [B, out, height', width']}. */
  Tensor apply(Tensor x, Trace trace);
}
