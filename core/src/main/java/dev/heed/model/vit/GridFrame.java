package dev.heed.model.vit;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.position.Grid;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.tensor.Tensor;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Layers over the patches of an image, which know in what rows and columns these stand.
 *
 * @param grid of a call's image
 * @param bias how scores are changed in a layer, by the grid
 */
public record GridFrame(Function<Run, Grid> grid, Bias bias) implements EncoderFrame {
  /** How scores are changed. */
  @FunctionalInterface
  public interface Bias {
    /** Scores as they are. */
    Bias NONE = (layer, grid) -> null;

    /** The change in a layer, made anew for every call; null for none. */
    @Nullable ScoreModifier of(int layer, Grid grid);
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    Grid own = grid.apply(run);
    AttentionRequest request = run.request(null).withGrid(own);
    return layer -> request.withModifier(bias.of(layer, own));
  }
}
