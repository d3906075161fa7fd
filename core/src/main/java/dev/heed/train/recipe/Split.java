package dev.heed.train.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows to learn from and rows to score on.
 *
 * @param learned at least one
 * @param held perhaps none
 */
record Split(List<ExampleFile.Row> learned, List<ExampleFile.Row> held) {
  /**
   * Reads the rows of both, as a recipe divides them.
   *
   * @throws IllegalArgumentException if nothing is left to learn from, or nothing is as {@code
   *     held_out_where} says
   */
  static Split of(Recipe.Data data) {
    List<ExampleFile.Row> all = new ExampleFile(Path.of(data.train())).rows(data.columns());
    if (!data.heldOutWhere().isEmpty()) {
      String[] parts = data.heldOutWhere().split("=", 2);
      Map<Boolean, List<ExampleFile.Row>> parted =
          all.stream()
              .collect(Collectors.partitioningBy(row -> row.require(parts[0]).equals(parts[1])));
      List<ExampleFile.Row> held = parted.getOrDefault(true, List.of());
      RecipeKeys.require(
          !held.isEmpty() && held.size() < all.size(),
          "held_out_where",
          "some of the " + all.size() + " examples",
          held.size());
      return new Split(parted.getOrDefault(false, List.of()), held);
    }
    int out = data.heldOut();
    RecipeKeys.require(out < all.size(), "held_out", "fewer than " + all.size() + " examples", out);
    return out > 0 || data.valid().isEmpty()
        ? new Split(all.subList(0, all.size() - out), all.subList(all.size() - out, all.size()))
        : new Split(all, new ExampleFile(Path.of(data.valid())).rows(data.columns()));
  }
}
