package dev.heed.picture.mechanism;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One side of a map.
 *
 * @param label what stands along it, for example {@code keys}
 * @param names one for each row or column
 * @param bands groups of neighbours, for example the columns that are memory; may be empty
 */
public record Axis(String label, List<String> names, List<Band> bands) {
  /** Neighbouring rows or columns that belong together: {@code [from, to)}. */
  public record Band(String name, int from, int to) {}

  /** Copies the lists. */
  public Axis {
    names = List.copyOf(names);
    bands = List.copyOf(bands);
  }

  /** Without groups. */
  public static Axis of(String label, List<String> names) {
    return new Axis(label, names, List.of());
  }

  /** Numbered from 0. */
  public static Axis numbered(String label, int count) {
    return of(label, IntStream.range(0, count).mapToObj(String::valueOf).toList());
  }

  /** The same with groups. */
  public Axis withBands(Band... groups) {
    return new Axis(label, names, List.of(groups));
  }

  /** How many rows or columns. */
  public int size() {
    return names.size();
  }
}
