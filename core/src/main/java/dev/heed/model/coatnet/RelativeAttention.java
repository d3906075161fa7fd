package dev.heed.model.coatnet;

import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.attention.score.GridBias;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention over an image with a learned bias for each head and relative place.
 *
 * <p>{@code softmax(q·kᵀ/√d + w[i - j]) · v}: the bias is what a depthwise convolution would have
 * as its kernel, the product what it lacks (Dai et al. 2021, section 2.1, equation 3).
 */
public final class RelativeAttention extends Module {
  private final Linear queryKeyValue;
  private final @Nullable Linear output;
  private final Tensor biasTable;
  private final Grid grid;
  private final int heads;
  private final int headSize;

  /**
   * Attention with parameters {@code to_qkv.weight [3·heads·headSize, in]}, {@code
   * relative_bias_table [(2·height - 1)·(2·width - 1), heads]} and {@code to_out.0}, which is left
   * out if one head already has the input's size.
   */
  public RelativeAttention(Weights weights, long in, long out, Grid grid, int heads, int headSize) {
    super(weights);
    long inner = (long) heads * headSize;
    this.grid = grid;
    this.heads = heads;
    this.headSize = headSize;
    this.queryKeyValue = Linear.of(weights.child("to_qkv"), in, 3 * inner, false);
    this.output =
        heads == 1 && headSize == in ? null : Linear.of(weights.child("to_out.0"), inner, out);
    this.biasTable =
        weights.parameter("relative_bias_table", Initializer.ZEROS, grid.offsets(), heads);
    // Which row of the table a pair reads follows from the grid.
    weights.ignore("relative_index");
  }

  /**
   * Mixes places.
   *
   * <p>Points: {@code scores}, {@code pattern}, both {@code [B, heads, places, places]}; {@code
   * grid}, {@link TokenGrids}.
   *
   * @param x {@code [B, places, in]}, row by row
   * @return {@code [B, places, out]}
   * @throws ShapeException if there are other than the grid's places
   */
  public Tensor apply(Tensor x, Trace trace) {
    if (x.rank() != 3 || x.size(1) != grid.places()) {
      throw new ShapeException(
          "relative attention over "
              + grid
              + ": expected [B, "
              + grid.places()
              + ", size], got "
              + x.shape());
    }
    return TensorScope.run(() -> {
      List<Tensor> parts = queryKeyValue.apply(x).chunk(3, -1);
      Tensor query = heads(parts.get(0));
      Tensor key = heads(parts.get(1));
      Tensor scores = query.matmul(key.transpose(-1, -2)).mul(1 / Math.sqrt(headSize)).add(bias());
      if (trace.wants(point("grid"))) {
        trace.visit(point("grid"), new TokenGrids(grid, grid, 0).asTensor());
      }
      Tensor weights =
          trace.visit(point("pattern"), trace.visit(point("scores"), scores).softmax(-1));
      Tensor joined = weights.matmul(heads(parts.get(2))).transpose(1, 2).flatten(2, 3);
      return output == null ? joined : output.apply(joined);
    });
  }

  /** {@code [B, places, heads·headSize]} as {@code [B, heads, places, headSize]}. */
  private Tensor heads(Tensor x) {
    return x.unflatten(-1, heads, headSize).transpose(1, 2);
  }

  /** The bias of each pair of places: {@code [heads, places, places]}. */
  public Tensor bias() {
    return GridBias.written(biasTable, grid).squeeze(0);
  }
}
