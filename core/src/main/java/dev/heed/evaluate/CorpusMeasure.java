package dev.heed.evaluate;

import java.util.SequencedMap;
import java.util.stream.IntStream;

/** A measure of a corpus that any selection of its items has too. */
public interface CorpusMeasure {
  /** How many items there are. */
  int items();

  /**
   * The values over some of the items.
   *
   * @param selection indices; an item named twice counts twice
   * @return by name, always the same names in the same order
   */
  SequencedMap<String, Double> over(int[] selection);

  /** The values over all items. */
  default SequencedMap<String, Double> overall() {
    return over(IntStream.range(0, items()).toArray());
  }

  /**
   * One of the values over some of the items.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  default double value(String name, int[] selection) {
    SequencedMap<String, Double> values = over(selection);
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "measure: expected one of " + values.keySet() + ", got " + name);
    }
    return value;
  }

  /** One of the values over all items. */
  default double value(String name) {
    return value(name, IntStream.range(0, items()).toArray());
  }

  /** The values of one item alone. */
  default SequencedMap<String, Double> ofItem(int item) {
    return over(new int[] {item});
  }
}
