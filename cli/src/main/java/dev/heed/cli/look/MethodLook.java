package dev.heed.cli.look;

import dev.heed.cli.BadInputException;
import dev.heed.cli.UsageException;
import dev.heed.explain.AttentionCapture;
import dev.heed.explain.AttentionMap;
import dev.heed.explain.Focus;
import dev.heed.explain.MapCheck;
import dev.heed.explain.MapChecker;
import dev.heed.explain.MapMethod;
import dev.heed.model.ModelFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A word's map by a method that is named, and what was measured of it. */
final class MethodLook {
  private static final int MOST_BARS = 12;
  private static final int LONGEST_BAR = 40;

  private MethodLook() {}

  /**
   * What {@code --json} prints of it.
   *
   * @param marks what the map gives each unit, in order
   */
  record Report(
      String method,
      String sentence,
      String source,
      String outcome,
      List<Mark> marks,
      @Nullable Double agreement,
      MapCheck.@Nullable Removal removal,
      double uniform,
      MapCheck.@Nullable Alternative alternative) {
    static Report of(MapCheck check, List<String> labels) {
      return new Report(
          check.method().label(),
          check.method().sentence(),
          check.method().source(),
          check.outcome().name().toLowerCase(Locale.ROOT),
          IntStream.range(0, labels.size())
              .mapToObj(i -> new Mark(labels.get(i), check.marks()[i]))
              .toList(),
          check.agreement(),
          check.removal(),
          check.uniform(),
          check.alternative());
    }
  }

  /** What one unit gets. */
  record Mark(String unit, double mark) {}

  /**
   * The method of this name.
   *
   * @throws UsageException if there is none
   */
  static MapMethod named(String name) {
    return Arrays.stream(MapMethod.values())
        .filter(method -> method.label().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                "--method: expected one of "
                    + Arrays.stream(MapMethod.values())
                        .map(MapMethod::label)
                        .collect(Collectors.joining(", "))
                    + ", got "
                    + name));
  }

  static MapCheck check(
      ModelFiles files,
      AttentionCapture capture,
      String text,
      boolean pieces,
      MapMethod method,
      Focus focus) {
    try (MapChecker checker = MapChecker.of(capture, files)) {
      return checker.check(
          new MapChecker.Question(text, pieces, method, focus.layer(), focus.head(), focus.query()),
          (done, of) -> {});
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  /** The map of a method that goes through all layers, as bars. */
  static List<String> bars(MapCheck check, AttentionMap map, Focus focus) {
    List<String> labels = map.labels();
    List<Integer> top =
        IntStream.range(0, labels.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -check.marks()[i]))
            .limit(MOST_BARS)
            .toList();
    int width = top.stream().mapToInt(i -> labels.get(i).length()).max().orElse(0);
    double most = Math.max(check.marks()[top.getFirst()], Double.MIN_NORMAL);
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "\"%s\" by %s, through all layers:",
            labels.get(focus.query()),
            check.method().label()));
    for (int i : top) {
      int length = (int) Math.round(LONGEST_BAR * Math.max(0, check.marks()[i]) / most);
      lines.add(
          String.format(
                  Locale.ROOT,
                  "  %" + width + "s  %.3f  %s",
                  labels.get(i),
                  check.marks()[i],
                  "█".repeat(length))
              .stripTrailing());
    }
    lines.add(check.method().sentence());
    lines.add("(" + check.method().source() + ")");
    return lines;
  }

  /** What was measured. */
  static List<String> evidence(MapCheck check) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "Evidence, on "
            + switch (check.outcome()) {
              case CLASSES -> "the classes' probabilities (changes: total variation):";
              case NEXT_TOKEN -> "the next token's probabilities (changes: total variation):";
              case WORD_VECTOR -> "the word's last vector (changes: 1 - cosine):";
            });
    if (check.agreement() != null) {
      lines.add(
          String.format(
              Locale.ROOT, "  agreement with gradient x attention: tau %.2f", check.agreement()));
    }
    MapCheck.Removal removal = check.removal();
    if (removal != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  without the %d most marked: %.3f; without as many at random: %.3f, less in %d of"
                  + " %d draws",
              removal.units().size(),
              removal.change(),
              removal.random(),
              removal.weaker(),
              removal.sets()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  with uniform attention in %s: %.3f",
            check.method() == MapMethod.RAW ? "this head" : "every head",
            check.uniform()));
    MapCheck.Alternative other = check.alternative();
    if (other != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  other weights, same result: %d of %d shuffles stay within %.2f",
              other.alike(),
              other.shuffles(),
              other.limit()));
    }
    return lines;
  }
}
