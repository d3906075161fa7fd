package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of earlier calls where their change depends on the length of the sequence, which
 * grows with each call: stretched rotary positions turn all keys, the earliest too, by other angles
 * once the trained length is passed.
 *
 * <p>All are kept as they are in a sequence of the first call's length, with the tokens' places,
 * and changed anew for each call. So rounding does not add up over the calls.
 */
record LengthwiseKeys(HeadChange change) {
  /** For the one change that depends on the length; null if none does. */
  static @Nullable LengthwiseKeys of(List<HeadChange> changes) {
    return changes.stream()
        .filter(HeadChange::dependsOnLength)
        .findFirst()
        .map(LengthwiseKeys::new)
        .orElse(null);
  }

  /**
   * Remembers more tokens.
   *
   * @param kept those of earlier calls
   * @param more changed for the present length
   * @param positions of the tokens, i64 {@code [B, T]}
   * @return all so far, changed for the present length
   */
  Entry append(GrowingKeys kept, Entry more, Tensor positions) {
    if (positions.elements() == 0) {
      return kept.append(more.keys(), more.values(), positions);
    }
    long now = positions.max().itemLong() + 1;
    long then = kept.firstLength(now);
    Entry stored = change.changedAnew(more, positions, now, then);
    Entry all = kept.append(stored.keys(), stored.values(), positions);
    return change.changedAnew(all, kept.positions(), then, now);
  }
}
