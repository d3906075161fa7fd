package dev.heed.model.layoutlm;

import dev.heed.nn.Embedding;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Vectors of the boxes that words stand in: of the left, upper, right and lower edge, the height
 * and the width (Xu et al. 2020, section 2.2).
 */
final class BoxEmbeddings extends Module {
  private final Embedding across;
  private final Embedding down;
  private final Embedding height;
  private final Embedding width;
  private final int places;

  /**
   * With the tables {@code x_position_embeddings}, {@code y_…}, {@code h_…} and {@code w_…}.
   *
   * @param places how many places a page has in either direction
   * @param edge size of the vector of an edge
   * @param extent size of the vector of a height or a width
   */
  BoxEmbeddings(Weights weights, int places, long edge, long extent) {
    super(weights);
    this.places = places;
    across = new Embedding(weights.child("x_position_embeddings"), places, edge, -1);
    down = new Embedding(weights.child("y_position_embeddings"), places, edge, -1);
    height = new Embedding(weights.child("h_position_embeddings"), places, extent, -1);
    width = new Embedding(weights.child("w_position_embeddings"), places, extent, -1);
  }

  /**
   * The six vectors {@code [B, T, size]} of each box: left, upper, right, lower, height, width.
   *
   * @param boxes i64 {@code [B, T, 4]}: left, upper, right and lower edge
   * @param limited whether heights and widths outside the table take its nearest row
   * @throws IllegalArgumentException for a box outside the page
   */
  List<Tensor> of(Tensor boxes, boolean limited) {
    if (boxes.elements() > 0 && (boxes.min().itemLong() < 0 || boxes.max().itemLong() >= places)) {
      throw new IllegalArgumentException(
          "bbox: expected edges from 0 to "
              + (places - 1)
              + ", got "
              + boxes.min().itemLong()
              + " to "
              + boxes.max().itemLong());
    }
    Tensor high = boxes.select(2, 3).sub(boxes.select(2, 1));
    Tensor wide = boxes.select(2, 2).sub(boxes.select(2, 0));
    return List.of(
        across.apply(boxes.select(2, 0)),
        down.apply(boxes.select(2, 1)),
        across.apply(boxes.select(2, 2)),
        down.apply(boxes.select(2, 3)),
        height.apply(extent("height", high, limited)),
        width.apply(extent("width", wide, limited)));
  }

  private Tensor extent(String name, Tensor extent, boolean limited) {
    if (limited) {
      return extent.clamp(0, places - 1);
    }
    if (extent.elements() > 0 && extent.min().itemLong() < 0) {
      throw new IllegalArgumentException(
          "bbox: expected right and lower edges after left and upper ones, got a "
              + name
              + " of "
              + extent.min().itemLong());
    }
    return extent;
  }

  /** The six vectors side by side, {@code [B, T, 4·edge + 2·extent]}. */
  Tensor joined(Tensor boxes) {
    return TensorScope.run(() -> Tensor.cat(of(boxes, true), -1));
  }

  /** The sum of the six vectors, {@code [B, T, size]}. */
  Tensor sum(Tensor boxes) {
    return TensorScope.run(() -> of(boxes, false).stream().reduce(Tensor::add).orElseThrow());
  }
}
