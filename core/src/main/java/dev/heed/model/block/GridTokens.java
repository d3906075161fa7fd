package dev.heed.model.block;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.position.Grid;
import dev.heed.model.Run;
import dev.heed.tensor.Tensor;

/**
 * Tokens of which the last are the places of an image: what the stages of a pyramid hand on.
 *
 * @param tokens {@code [B, special + places, size]}, places row by row
 * @param grid their rows and columns
 */
public record GridTokens(Tensor tokens, Grid grid) {
  /**
   * The places of a map.
   *
   * @param map {@code [B, size, rows, columns]}
   */
  public static GridTokens of(Tensor map) {
    return new GridTokens(
        map.flatten(2, 3).transpose(1, 2),
        new Grid(Math.toIntExact(map.size(2)), Math.toIntExact(map.size(3))));
  }

  /** The map {@code [B, size, rows, columns]} of places without special tokens. */
  public Tensor map() {
    return map(tokens, grid);
  }

  /** The map {@code [B, size, rows, columns]} of places {@code [B, places, size]}. */
  public static Tensor map(Tensor places, Grid grid) {
    return places.transpose(1, 2).unflatten(2, grid.height(), grid.width());
  }

  /** The same places with other vectors. */
  public GridTokens with(Tensor other) {
    return new GridTokens(other, grid);
  }

  /** What layers make of them; the run gets the attention weights that it wants. */
  public GridTokens through(TransformerStack stack, Run run) {
    AttentionRequest request = run.request(null).withGrid(grid);
    return with(stack.apply(tokens, run, layer -> new LayerCall(request)));
  }
}
