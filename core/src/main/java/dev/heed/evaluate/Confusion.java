package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How often each class was taken for each, and what follows from it; values are those of
 * scikit-learn.
 *
 * @param labels the names of the classes
 * @param counts {@code counts[actual][predicted]}
 */
public record Confusion(List<String> labels, double[][] counts) {
  /**
   * Counts predictions.
   *
   * @param labels all classes; also those that never occur count in {@link #macro}
   * @throws IllegalArgumentException if the lists differ in length, a label stands twice, or an
   *     item has another label
   */
  public static Confusion of(List<String> labels, List<String> actual, List<String> predicted) {
    References.requireSame("labels", actual.size(), predicted.size());
    Map<String, Integer> places = new HashMap<>();
    for (String label : labels) {
      if (places.put(label, places.size()) != null) {
        throw new IllegalArgumentException("classes: expected each once, got twice " + label);
      }
    }
    double[][] counts = new double[labels.size()][labels.size()];
    for (int i = 0; i < actual.size(); i++) {
      counts[place(places, actual.get(i))][place(places, predicted.get(i))]++;
    }
    return new Confusion(List.copyOf(labels), counts);
  }

  private static int place(Map<String, Integer> places, String label) {
    Integer place = places.get(label);
    if (place == null) {
      throw new IllegalArgumentException(
          "label: expected one of " + places.keySet() + ", got " + label);
    }
    return place;
  }

  /** All labels that occur in either list, sorted. */
  public static List<String> occurring(List<String> actual, List<String> predicted) {
    return List.copyOf(new TreeSet<>(Stream.concat(actual.stream(), predicted.stream()).toList()));
  }

  /** The share of right predictions; not a number over none. */
  public double accuracy() {
    return right() / total();
  }

  /** The mean recall of the classes that occur; not a number if none does. */
  public double balancedAccuracy() {
    return IntStream.range(0, labels.size())
        .filter(c -> actual(c) > 0)
        .mapToDouble(c -> counts[c][c] / actual(c))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Matthews' correlation coefficient of several classes, {@code (c s - Σ p_k t_k) / sqrt((s² - Σ
   * p_k²)(s² - Σ t_k²))}: c right of s items, p_k predicted and t_k actual ones of class k
   * (Gorodkin, Computational Biology and Chemistry 2004); 0 where it is not defined.
   */
  public double matthews() {
    double items = total();
    double both = 0;
    double predictedSquares = 0;
    double actualSquares = 0;
    for (int c = 0; c < labels.size(); c++) {
      both += predicted(c) * actual(c);
      predictedSquares += predicted(c) * predicted(c);
      actualSquares += actual(c) * actual(c);
    }
    return PrecisionRecall.ratio(
        right() * items - both,
        Math.sqrt((items * items - predictedSquares) * (items * items - actualSquares)));
  }

  /**
   * Cohen's κ: {@code (p_o - p_e) / (1 - p_e)}, agreement beyond what chance gives (Cohen,
   * Educational and Psychological Measurement 1960); not a number where chance agrees always.
   */
  public double cohensKappa() {
    double items = total();
    double chance = 0;
    for (int c = 0; c < labels.size(); c++) {
      chance += predicted(c) / items * (actual(c) / items);
    }
    return chance == 1 ? Double.NaN : (accuracy() - chance) / (1 - chance);
  }

  /** Precision, recall and F1 of each class, in the order of {@link #labels}. */
  public List<PrecisionRecall> perClass() {
    return IntStream.range(0, labels.size())
        .mapToObj(c -> PrecisionRecall.of(counts[c][c], predicted(c), actual(c)))
        .toList();
  }

  /** How many items of each class there are. */
  public double[] supports() {
    return IntStream.range(0, labels.size()).mapToDouble(this::actual).toArray();
  }

  /** Over all items: all three are the accuracy, since each item has one label. */
  public PrecisionRecall micro() {
    return PrecisionRecall.of(right(), total(), total());
  }

  /** The mean over all classes. */
  public PrecisionRecall macro() {
    return PrecisionRecall.mean(perClass());
  }

  /** The mean over the classes that occur or were predicted. */
  public PrecisionRecall macroOfPresent() {
    List<PrecisionRecall> all = perClass();
    return PrecisionRecall.mean(
        IntStream.range(0, labels.size())
            .filter(c -> actual(c) + predicted(c) > 0)
            .mapToObj(all::get)
            .toList());
  }

  /** The mean over classes by how often each occurs. */
  public PrecisionRecall weighted() {
    return PrecisionRecall.weighted(perClass(), supports());
  }

  /**
   * The measures {@code accuracy}, {@code balanced_accuracy}, {@code macro_f1} (of the classes
   * present), {@code weighted_f1}, {@code matthews} and {@code cohen_kappa}.
   */
  public static CorpusMeasure measure(
      List<String> labels, List<String> actual, List<String> predicted) {
    of(labels, actual, predicted);
    return new CorpusMeasure() {
      @Override
      public int items() {
        return actual.size();
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        List<String> someActual = new ArrayList<>();
        List<String> somePredicted = new ArrayList<>();
        for (int item : selection) {
          someActual.add(actual.get(item));
          somePredicted.add(predicted.get(item));
        }
        return of(labels, someActual, somePredicted).values();
      }
    };
  }

  private SequencedMap<String, Double> values() {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("accuracy", accuracy());
    values.put("balanced_accuracy", balancedAccuracy());
    values.put("macro_f1", macroOfPresent().f1());
    values.put("weighted_f1", weighted().f1());
    values.put("matthews", matthews());
    values.put("cohen_kappa", cohensKappa());
    return values;
  }

  private double right() {
    return IntStream.range(0, labels.size()).mapToDouble(c -> counts[c][c]).sum();
  }

  private double total() {
    return Arrays.stream(counts).flatMapToDouble(Arrays::stream).sum();
  }

  private double actual(int label) {
    return Arrays.stream(counts[label]).sum();
  }

  private double predicted(int label) {
    return Arrays.stream(counts).mapToDouble(row -> row[label]).sum();
  }
}
