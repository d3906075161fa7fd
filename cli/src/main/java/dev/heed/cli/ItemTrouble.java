package dev.heed.cli;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.search.InvalidScoresException;
import dev.heed.tensor.TensorException;
import java.util.function.Supplier;

/** What is wrong with one item of many, so that it does not lose the others. */
public final class ItemTrouble {
  private ItemTrouble() {}

  /**
   * Does what there is one of: a failure of the item is one of what the user gave.
   *
   * @throws BadInputException for it
   */
  public static <T> T told(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException | TensorException | InvalidScoresException e) {
      throw new BadInputException(explain(e));
    }
  }

  /**
   * What to say of a failure.
   *
   * @throws RuntimeException the failure itself where it is no item's: an error in Heed
   */
  public static String explain(RuntimeException failure) {
    return switch (failure) {
      case IllegalArgumentException e -> String.valueOf(e.getMessage());
      case TensorException e -> String.valueOf(e.getMessage());
      case CheckpointException e -> String.valueOf(e.getMessage());
      case InvalidScoresException e -> String.valueOf(e.getMessage());
      case BadInputException e -> String.valueOf(e.getMessage());
      default -> throw failure;
    };
  }
}
