package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention within the {@linkplain ShiftedWindows windows} of an image: exact attention on
 * {@code B · windows} short sequences, at a cost that grows with the image's area, not its square
 * (Liu et al. 2021, section 3.2).
 *
 * <p>Weights are those of each window, {@code [B · windows, H, window², window²]}; {@link
 * ShiftedWindows#spread} makes a map over the image of them, which is the trace's point {@code map
 * [B, H, places, places]}.
 */
public final class WindowAttention extends Module implements SequenceMixer {
  private final MultiHeadAttention attention;
  private final Function<Grid, ShiftedWindows> windows;
  private final Supplier<@Nullable ScoreModifier> bias;

  /**
   * Attention in windows.
   *
   * @param attention of one window's places
   * @param windows of a grid
   * @param bias how scores within a window change, made anew for every call; null for not at all
   */
  public WindowAttention(
      Weights weights,
      MultiHeadAttention attention,
      Function<Grid, ShiftedWindows> windows,
      Supplier<@Nullable ScoreModifier> bias) {
    super(weights);
    this.attention = attention;
    this.windows = windows;
    this.bias = bias;
  }

  /** The windows of a grid. */
  public ShiftedWindows windows(Grid grid) {
    return windows.apply(grid);
  }

  /**
   * Attention among the places of each window.
   *
   * @param x {@code [B, places, size]}, row by row
   * @param request over the image's grid, without a mask or a change of scores
   * @throws IllegalArgumentException for a request with one
   */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    if (request.mask() != null || request.modifier() != null || request.state() != null) {
      throw new IllegalArgumentException(
          path()
              + ": expected a whole image without a mask, a change of scores or a state, got "
              + "one with them; windows bring their own");
    }
    return TensorScope.run(() -> {
      Grid grid = request.requireGrid();
      ShiftedWindows cuts = windows.apply(grid);
      AttentionRequest named = request.at(tracePath());
      named.place(new TokenGrids(grid, grid, 0));
      AttentionMask apart = cuts.mask(Math.toIntExact(x.size(0)));
      AttentionRequest within = request.withMask(apart).withModifier(bias.get()).withGrid(null);
      boolean mapped = named.wants("map");
      AttentionOutput mixed = attention.apply(cuts.cut(x), mapped ? within.withWeights() : within);
      if (mapped) {
        named.visit("map", cuts.spread(mixed.requireWeights()));
      }
      return new AttentionOutput(cuts.join(mixed.output()), mixed.weights());
    });
  }
}
