package dev.heed.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Several measures of the same items, side by side.
 *
 * @param parts in order, with different names and as many items each
 */
public record JointMeasure(List<CorpusMeasure> parts) implements CorpusMeasure {
  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if there is none, or their items are not as many
   */
  public JointMeasure {
    parts = List.copyOf(parts);
    if (parts.stream().mapToInt(CorpusMeasure::items).distinct().count() != 1) {
      throw new IllegalArgumentException(
          "measures: expected one or more of as many items each, got "
              + parts.stream().map(CorpusMeasure::items).toList());
    }
  }

  @Override
  public int items() {
    return parts.getFirst().items();
  }

  @Override
  public SequencedMap<String, Double> over(int[] selection) {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    parts.forEach(part -> values.putAll(part.over(selection)));
    return values;
  }

  @Override
  public SequencedMap<String, Double> ofItem(int item) {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    parts.forEach(part -> values.putAll(part.ofItem(item)));
    return values;
  }
}
