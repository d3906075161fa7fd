package dev.heed.model.block;

import dev.heed.attention.position.Grid;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;

/** A part of a layer that mixes neighbouring places of an image, such as a convolution. */
@FunctionalInterface
public interface GridSublayer {
  /**
   * What each place becomes, by attention over the grid, convolution or pooling.
   *
   * @param x {@code [B, places, size]}, row by row
   * @param grid rows and columns of the places
   * @return {@code [B, places, size]}, owned by the current scope
   */
  Tensor apply(Tensor x, Grid grid, Trace trace);
}
