package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * Whether a model is right as often as it is confident.
 *
 * <p>Items are put in bins by confidence; the expected calibration error is {@code Σ n_b / N ·
 * |accuracy_b - confidence_b|} (Guo et al., On Calibration of Modern Neural Networks, ICML 2017,
 * section 2).
 *
 * @param bins from low to high confidence
 */
public record Calibration(List<Bin> bins) {
  /**
   * The items of one bin.
   *
   * @param count how many
   * @param confidence their mean confidence; not a number if there are none
   * @param accuracy the share that is right; not a number if there are none
   */
  public record Bin(int count, double confidence, double accuracy) {
    static Bin of(List<Integer> items, double[] confidence, boolean[] correct) {
      return new Bin(
          items.size(),
          items.stream().mapToDouble(i -> confidence[i]).average().orElse(Double.NaN),
          items.stream().mapToDouble(i -> correct[i] ? 1 : 0).average().orElse(Double.NaN));
    }

    double gap() {
      return count == 0 ? 0 : Math.abs(accuracy - confidence);
    }
  }

  /**
   * Bins of equal width over [0, 1]; each takes its upper end, the first both ends.
   *
   * @param confidence from 0 to 1
   * @throws IllegalArgumentException if lengths differ, a confidence is not from 0 to 1, or there
   *     are no bins
   */
  public static Calibration ofEqualWidth(int bins, double[] confidence, boolean[] correct) {
    require(bins, confidence, correct);
    List<List<Integer>> items = new ArrayList<>();
    IntStream.range(0, bins).forEach(b -> items.add(new ArrayList<>()));
    for (int i = 0; i < confidence.length; i++) {
      int bin = 0;
      while (bin < bins - 1 && confidence[i] > (double) (bin + 1) / bins) {
        bin++;
      }
      items.get(bin).add(i);
    }
    return of(items, confidence, correct);
  }

  /** Bins of equally many items, sorted by confidence; the first ones take what is left over. */
  public static Calibration ofEqualMass(int bins, double[] confidence, boolean[] correct) {
    require(bins, confidence, correct);
    List<Integer> order =
        IntStream.range(0, confidence.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> confidence[i]))
            .toList();
    List<List<Integer>> items = new ArrayList<>();
    int start = 0;
    for (int b = 0; b < bins; b++) {
      int size = order.size() / bins + (b < order.size() % bins ? 1 : 0);
      items.add(order.subList(start, start + size));
      start += size;
    }
    return of(items, confidence, correct);
  }

  private static Calibration of(List<List<Integer>> items, double[] confidence, boolean[] correct) {
    return new Calibration(items.stream().map(bin -> Bin.of(bin, confidence, correct)).toList());
  }

  private static void require(int bins, double[] confidence, boolean[] correct) {
    References.requireSame("confidences", confidence.length, correct.length);
    if (bins < 1) {
      throw new IllegalArgumentException("bins: expected at least 1, got " + bins);
    }
    for (double c : confidence) {
      if (!(c >= 0 && c <= 1)) {
        throw new IllegalArgumentException("confidence: expected from 0 to 1, got " + c);
      }
    }
  }

  /** The expected calibration error: the mean gap of the bins by their items. */
  public double expectedError() {
    double items = bins.stream().mapToInt(Bin::count).sum();
    return bins.stream().mapToDouble(bin -> bin.count / items * bin.gap()).sum();
  }

  /** The maximum calibration error: the largest gap of a bin. */
  public double maximumError() {
    return bins.stream().mapToDouble(Bin::gap).max().orElse(Double.NaN);
  }

  /**
   * Brier's score of several classes: the mean over items of {@code Σ_c (p_c - y_c)²} (Brier 1950).
   *
   * @param probabilities {@code [items][classes]}
   * @param labels the right class of each item
   */
  public static double brier(double[][] probabilities, int[] labels) {
    References.requireSame("probabilities", probabilities.length, labels.length);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      for (int c = 0; c < probabilities[i].length; c++) {
        double off = probabilities[i][c] - (c == labels[i] ? 1 : 0);
        sum += off * off;
      }
    }
    return sum / labels.length;
  }

  /** The mean of {@code -ln p} of the right class. */
  public static double negativeLogLikelihood(double[][] probabilities, int[] labels) {
    References.requireSame("probabilities", probabilities.length, labels.length);
    return IntStream.range(0, labels.length)
        .mapToDouble(i -> -Math.log(probabilities[i][labels[i]]))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * The measures {@code ece}, {@code mce}, {@code ece_equal_mass}, {@code brier} and {@code nll} of
   * class probabilities; an item is predicted to be of the first most probable class.
   *
   * @throws IllegalArgumentException if a label is no class of its item
   */
  public static CorpusMeasure measure(int bins, double[][] probabilities, int[] labels) {
    References.requireSame("probabilities", probabilities.length, labels.length);
    double[] confidence = new double[labels.length];
    boolean[] correct = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= probabilities[i].length) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "label: expected from 0 to %d, got %d",
                probabilities[i].length - 1,
                labels[i]));
      }
      int best = 0;
      for (int c = 1; c < probabilities[i].length; c++) {
        best = probabilities[i][c] > probabilities[i][best] ? c : best;
      }
      confidence[i] = probabilities[i][best];
      correct[i] = best == labels[i];
    }
    require(bins, confidence, correct);
    return new CorpusMeasure() {
      @Override
      public int items() {
        return labels.length;
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        double[] some = IntStream.of(selection).mapToDouble(i -> confidence[i]).toArray();
        boolean[] right = new boolean[selection.length];
        double[][] rows = new double[selection.length][];
        for (int i = 0; i < selection.length; i++) {
          right[i] = correct[selection[i]];
          rows[i] = probabilities[selection[i]];
        }
        int[] classes = IntStream.of(selection).map(i -> labels[i]).toArray();
        Calibration equalWidth = ofEqualWidth(bins, some, right);
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        values.put("ece", equalWidth.expectedError());
        values.put("mce", equalWidth.maximumError());
        values.put("ece_equal_mass", ofEqualMass(bins, some, right).expectedError());
        values.put("brier", brier(rows, classes));
        values.put("nll", negativeLogLikelihood(rows, classes));
        return values;
      }
    };
  }
}
