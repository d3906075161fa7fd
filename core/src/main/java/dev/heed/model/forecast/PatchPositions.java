package dev.heed.model.forecast;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** The table of positions of patches, {@code position_enc [N, D]}. */
public final class PatchPositions {
  private static final double DEVIATION = 0.1;

  private PatchPositions() {}

  /**
   * The table at a path.
   *
   * @param type how it starts: {@code sincos} or {@code random}
   */
  public static Tensor of(Weights weights, String type, long count, long size) {
    Initializer start = type.equals("random") ? Initializer.normal(1) : sines();
    return weights.parameter("position_enc", start, count, size);
  }

  /** The paper's sinusoids with mean 0 and deviation 0.1 over the whole table. */
  private static Initializer sines() {
    return (shape, type, generator) ->
        TensorScope.run(() -> {
          Tensor table = SinusoidalPositions.PAPER.table(0, shape.size(0), shape.size(1), type);
          Tensor centred = table.sub(table.mean());
          Tensor deviation = centred.flatten(0, 1).var(0, true, false).sqrt();
          return centred.div(deviation.div(DEVIATION));
        });
  }
}
