package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Edits that turn a transcript into its reference, of words or of characters, as jiwer counts them.
 *
 * <p>Of several shortest ways the one with the fewest insertions is counted.
 *
 * @param hits units that both have
 * @param substitutions units replaced by others
 * @param deletions units of the reference that are missing
 * @param insertions units that are too many
 */
public record ErrorRate(long hits, long substitutions, long deletions, long insertions) {
  private static final Pattern SPACES = Pattern.compile("\\s\\s+");

  /** No units at all, to add to. */
  public static final ErrorRate NONE = new ErrorRate(0, 0, 0, 0);

  /** What is counted. */
  public enum Unit {
    /** What spaces separate, runs of white space counting as one: WER. */
    WORD,
    /** Unicode code points, spaces among them but for those at the ends: CER. */
    CHARACTER
  }

  /** Compares a transcript to its reference. */
  public static ErrorRate of(Unit unit, String hypothesis, String reference) {
    return of(units(unit, hypothesis), units(unit, reference));
  }

  /** Compares two lists of units, for example phonemes. */
  public static ErrorRate of(List<String> hypothesis, List<String> reference) {
    int rows = reference.size();
    int columns = hypothesis.size();
    // Edits in the upper half, insertions in the lower: the smallest has the fewest of both.
    long[] above = new long[columns + 1];
    for (int j = 1; j <= columns; j++) {
      above[j] = above[j - 1] + EDIT + 1;
    }
    for (int i = 1; i <= rows; i++) {
      long[] row = new long[columns + 1];
      row[0] = above[0] + EDIT;
      for (int j = 1; j <= columns; j++) {
        boolean same = reference.get(i - 1).equals(hypothesis.get(j - 1));
        long kept = above[j - 1] + (same ? 0 : EDIT);
        row[j] = Math.min(kept, Math.min(above[j] + EDIT, row[j - 1] + EDIT + 1));
      }
      above = row;
    }
    long edits = above[columns] / EDIT;
    long insertions = above[columns] % EDIT;
    long deletions = insertions + rows - columns;
    long substitutions = edits - insertions - deletions;
    return new ErrorRate(rows - deletions - substitutions, substitutions, deletions, insertions);
  }

  private static final long EDIT = 1L << 32;

  private static List<String> units(Unit unit, String text) {
    if (unit == Unit.CHARACTER) {
      return WhiteSpace.strip(text).codePoints().mapToObj(Character::toString).toList();
    }
    String line = WhiteSpace.strip(SPACES.matcher(text).replaceAll(" "));
    return line.isEmpty() ? List.of() : List.of(line.split(" "));
  }

  /** Both together, as for a corpus. */
  public ErrorRate plus(ErrorRate other) {
    return new ErrorRate(
        hits + other.hits,
        substitutions + other.substitutions,
        deletions + other.deletions,
        insertions + other.insertions);
  }

  /** All that has to be changed. */
  public long edits() {
    return substitutions + deletions + insertions;
  }

  /** Units of the reference. */
  public long referenceLength() {
    return hits + substitutions + deletions;
  }

  /** Units of the hypothesis. */
  public long hypothesisLength() {
    return hits + substitutions + insertions;
  }

  /** Edits by units of the reference (WER, CER); may exceed 1, not a number if both are empty. */
  public double rate() {
    return (double) edits() / referenceLength();
  }

  /** Match error rate: edits by edits and hits (Morris, Maier and Green, Interspeech 2004). */
  public double matchErrorRate() {
    return (double) edits() / (edits() + hits);
  }

  /** Word information lost: {@code 1 - hits² / (reference · hypothesis)} (same source). */
  public double informationLost() {
    if (hits == 0) {
      return edits() == 0 ? Double.NaN : 1;
    }
    return 1 - (double) hits / referenceLength() * hits / hypothesisLength();
  }

  /**
   * The measures {@code wer} or {@code cer}, {@code mer} and {@code wil}; of several references the
   * one with the lowest rate counts.
   */
  public static CorpusMeasure measure(Unit unit, List<String> hypotheses, References references) {
    references.requireItems(hypotheses.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < hypotheses.size(); item++) {
      String hypothesis = hypotheses.get(item);
      ErrorRate best =
          references.of(item).stream()
              .map(reference -> of(unit, hypothesis, reference))
              .reduce((first, second) -> second.rate() < first.rate() ? second : first)
              .orElse(NONE);
      statistics.add(new double[] {best.hits, best.substitutions, best.deletions, best.insertions});
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          ErrorRate sum =
              new ErrorRate(
                  Math.round(counts[0]),
                  Math.round(counts[1]),
                  Math.round(counts[2]),
                  Math.round(counts[3]));
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          values.put(unit == Unit.WORD ? "wer" : "cer", sum.rate());
          values.put("mer", sum.matchErrorRate());
          values.put("wil", sum.informationLost());
          return values;
        });
  }
}
