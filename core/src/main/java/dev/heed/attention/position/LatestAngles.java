package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.FusedRotary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The angles that were worked out last: each layer of a model turns its queries and keys by the
 * same ones.
 */
final class LatestAngles {
  /** Longer tables are worked out anew each time, so that none stays behind a long text. */
  private static final int MOST = 1 << 19;

  private static volatile @Nullable Known latest;

  private LatestAngles() {}

  private record Known(
      RotaryPositions rotary, long[] places, DType type, FusedRotary.Angles angles) {
    boolean isOf(RotaryPositions other, long[] otherPlaces, DType otherType) {
      return type == otherType
          && Arrays.equals(places, otherPlaces)
          && (rotary == other || rotary.equals(other));
    }
  }

  /**
   * The cosines and sines of tokens.
   *
   * @param places of tokens; not changed afterwards
   */
  static FusedRotary.Angles of(RotaryPositions rotary, long[] places, DType type) {
    Known known = latest;
    if (known != null && known.isOf(rotary, places, type)) {
      return known.angles;
    }
    long length = places.length == 0 ? 0 : Arrays.stream(places).max().getAsLong() + 1;
    FusedRotary.Angles angles =
        FusedRotary.Angles.of(
            places, rotary.frequencies(length), rotary.scaling().magnitude(), type);
    if (places.length * rotary.rotated() <= MOST) {
      latest = new Known(rotary, places, type, angles);
    }
    return angles;
  }
}
