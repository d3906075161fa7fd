package dev.heed.model.bloom;

import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.KeyBias;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.DecoderModel.Bias;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** ALiBi whose positions are counted over the tokens that are no padding (BLOOM, Falcon). */
public final class AlibiPositions {
  private AlibiPositions() {}

  /** The paper's slopes; what a query's keys have in common is left out. */
  public static Bias ofHeads(int heads) {
    double[] slopes = Alibi.slopes(heads);
    Alibi apart = Alibi.ofHeads(heads);
    return (keep, keys) ->
        keep == null ? apart : counted(slopes, keep, (slope, place) -> slope.mul(place));
  }

  /**
   * A bias {@code product(slope, place)} for each head and key, where places are counted over
   * {@code keep} and padding stands at 0.
   */
  public static ScoreModifier counted(
      double[] slopes, Tensor keep, BinaryOperator<Tensor> product) {
    Tensor real = keep.to(DType.F64);
    Tensor places = real.cumsum(1).sub(1).mul(real).unsqueeze(1).unsqueeze(1);
    return new KeyBias(product.apply(Tensor.of(slopes, 1, slopes.length, 1, 1), places));
  }

  /** The same over as many keys, all of them there. */
  public static Tensor all(@Nullable Tensor keep, long keys) {
    return keep == null ? Tensor.ones(dev.heed.tensor.Shape.of(1, keys), DType.F64) : keep;
  }
}
