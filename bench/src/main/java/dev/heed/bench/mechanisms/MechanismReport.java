package dev.heed.bench.mechanisms;

import dev.heed.bench.mechanisms.GrowthFit.Point;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All that was measured.
 *
 * @param threads of each operation
 * @param batch sequences
 * @param size of a token's vector
 * @param heads how many
 * @param memoryLimitBytes that the process might fill
 * @param residentPeakBytes that it did fill, NaN if unknown
 * @param rows one a mechanism and length
 * @param growth one a mechanism
 */
record MechanismReport(
    int threads,
    int batch,
    int size,
    int heads,
    double memoryLimitBytes,
    double residentPeakBytes,
    List<MechanismRow> rows,
    List<GrowthRow> growth) {

  /**
   * A mechanism's exponents.
   *
   * @param published its growth in the usual notation
   * @param expected the exponent that the published growth has at these lengths
   * @param forward of the time, and so on; null for fewer than two lengths
   */
  record GrowthRow(
      String mechanism,
      String published,
      @Nullable GrowthFit expected,
      @Nullable GrowthFit forward,
      @Nullable GrowthFit training,
      @Nullable GrowthFit forwardMemory,
      @Nullable GrowthFit trainingMemory) {}

  /** The exponents of all mechanisms in these rows. */
  static List<GrowthRow> growth(List<MechanismRow> rows) {
    List<GrowthRow> all = new ArrayList<>();
    for (String name : rows.stream().map(MechanismRow::mechanism).distinct().toList()) {
      MixerEntry entry = MixerCatalogue.named(name);
      List<Point> forward = points(rows, name, Pass.FORWARD, MechanismReport::milliseconds);
      all.add(
          new GrowthRow(
              name,
              entry.growth().formula(),
              GrowthFit.published(entry.growth(), forward),
              GrowthFit.of(forward),
              GrowthFit.of(points(rows, name, Pass.TRAINING, MechanismReport::milliseconds)),
              GrowthFit.of(points(rows, name, Pass.FORWARD, MechanismRow.Outcome::peakMegabytes)),
              GrowthFit.of(
                  points(rows, name, Pass.TRAINING, MechanismRow.Outcome::peakMegabytes))));
    }
    return all;
  }

  static double milliseconds(MechanismRow.Outcome outcome) {
    return outcome.timing() == null ? Double.NaN : outcome.timing().median();
  }

  /** One mechanism's costs over the length, where they are known. */
  static List<Point> points(
      List<MechanismRow> rows,
      String mechanism,
      Pass pass,
      ToDoubleFunction<MechanismRow.Outcome> cost) {
    return rows.stream()
        .filter(row -> row.mechanism().equals(mechanism))
        .map(row -> new Point(row.length(), cost.applyAsDouble(row.outcome(pass))))
        .filter(point -> point.cost() > 0)
        .toList();
  }
}
