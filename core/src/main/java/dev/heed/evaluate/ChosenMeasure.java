package dev.heed.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Some of the values of a measure.
 *
 * @param all has them
 * @param names of the values that are kept
 */
public record ChosenMeasure(CorpusMeasure all, List<String> names) implements CorpusMeasure {
  /** Copies the names. */
  public ChosenMeasure {
    names = List.copyOf(names);
  }

  @Override
  public int items() {
    return all.items();
  }

  @Override
  public SequencedMap<String, Double> over(int[] selection) {
    SequencedMap<String, Double> values = new LinkedHashMap<>(all.over(selection));
    values.keySet().retainAll(names);
    return values;
  }
}
