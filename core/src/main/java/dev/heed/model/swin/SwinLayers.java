package dev.heed.model.swin;

import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Weights;

/** In what the layers of the two versions differ, and how patches are merged. */
interface SwinLayers {
  /**
   * One layer.
   *
   * @param stage from 0
   * @param shifted whether its windows are shifted
   */
  TransformerLayer layer(Weights weights, int stage, boolean shifted);

  /**
   * What halves rows and columns after a stage.
   *
   * @param stage from 0
   */
  PatchMerging merging(Weights weights, int stage);
}
