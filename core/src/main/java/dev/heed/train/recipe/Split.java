package dev.heed.train.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows to learn from and rows to score on.
 *
 * @param learned at least one, but for {@link #NONE}
 * @param held perhaps none
 * @param parts which files these come from, in their order; none of a recipe without sources
 */
record Split(List<ExampleFile.Row> learned, List<ExampleFile.Row> held, List<Part> parts) {
  /**
   * Rows of one file that are scored on.
   *
   * @param file as the recipe names it
   * @param rows how many
   */
  record Part(String file, int rows) {}

  /** Of one source. */
  Split(List<ExampleFile.Row> learned, List<ExampleFile.Row> held) {
    this(learned, held, List.of());
  }

  /** Of what has no rows. */
  static final Split NONE = new Split(List.of(), List.of());

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

  /**
   * Reads all files of a recipe; the last so many rows of the last one are held out, if any.
   *
   * @throws IllegalArgumentException if nothing of that file is left to learn from
   */
  static Split ofSources(Recipe.Data data) {
    List<ExampleFile.Row> learned = new ArrayList<>();
    List<ExampleFile.Row> held = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    DataSource last = data.files().getLast();
    for (DataSource source : data.files()) {
      List<ExampleFile.Row> own = source.learned();
      int out = source == last ? data.heldOut() : 0;
      RecipeKeys.require(
          out < own.size(), "held_out", "fewer than " + own.size() + " examples", out);
      for (int time = 0; time < source.repeats(); time++) {
        learned.addAll(own.subList(0, own.size() - out));
      }
      List<ExampleFile.Row> other = source.held();
      held.addAll(other);
      held.addAll(own.subList(own.size() - out, own.size()));
      parts.add(new Part(String.valueOf(source.valid()), other.size()));
      parts.add(new Part(source.train(), out));
    }
    learned.replaceAll(row -> row.named(data.columns()));
    held.replaceAll(row -> row.named(data.columns()));
    return new Split(learned, held, parts.stream().filter(part -> part.rows() > 0).toList());
  }
}
