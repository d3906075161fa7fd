package dev.heed.nn;

import java.io.Serial;
import java.util.List;

/**
 * Says that a checkpoint's tensors are not those that a model needs: every missing, surplus and
 * misshapen one together, each with the closest name on the other side.
 */
public final class WeightsMismatchException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  /** Names shown of each kind before the rest is only counted. */
  private static final int MOST_SHOWN = 12;

  WeightsMismatchException(List<String> missing, List<String> unused, List<String> misshapen) {
    super(
        "the checkpoint does not fit the model: missing "
            + shown(missing, unused)
            + ", unused "
            + shown(unused, missing)
            + ", of another shape "
            + shown(misshapen, List.of())
            + "; check that config.json belongs to these weights");
  }

  private static String shown(List<String> names, List<String> others) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < Math.min(names.size(), MOST_SHOWN); i++) {
      text.append(i == 0 ? "" : ", ").append(names.get(i));
      ClosestNames.to(names.get(i), others).stream()
          .findFirst()
          .ifPresent(close -> text.append(" (closest: ").append(close).append(')'));
    }
    if (names.size() > MOST_SHOWN) {
      text.append(", and ").append(names.size() - MOST_SHOWN).append(" more");
    }
    return text.append(']').toString();
  }
}
