package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * How well sets of labels were predicted; values are those of scikit-learn.
 *
 * @param subsetAccuracy the share of items whose set is exactly right
 * @param hammingLoss the share of wrong decisions, one an item and label
 * @param micro over all decisions
 * @param macro the mean over labels
 * @param weighted the mean over labels by how often each occurs
 * @param samples the mean over items
 */
public record MultiLabelScore(
    double subsetAccuracy,
    double hammingLoss,
    PrecisionRecall micro,
    PrecisionRecall macro,
    PrecisionRecall weighted,
    PrecisionRecall samples) {

  /** Right, predicted and actual labels of an item or of a label. */
  private static final class Counts {
    double right;
    double predicted;
    double actual;

    void add(boolean isActual, boolean isPredicted) {
      right += isActual && isPredicted ? 1 : 0;
      predicted += isPredicted ? 1 : 0;
      actual += isActual ? 1 : 0;
    }

    PrecisionRecall score() {
      return PrecisionRecall.of(right, predicted, actual);
    }
  }

  /**
   * Scores predictions.
   *
   * @param actual {@code [items][labels]}
   * @param predicted {@code [items][labels]}
   * @throws IllegalArgumentException if sizes differ or there are no items
   */
  public static MultiLabelScore of(boolean[][] actual, boolean[][] predicted) {
    References.requireSame("items", actual.length, predicted.length);
    if (actual.length == 0) {
      throw new IllegalArgumentException("labels: expected at least one item, got none");
    }
    int labels = actual[0].length;
    Counts all = new Counts();
    List<Counts> ofLabels = Stream.generate(Counts::new).limit(labels).toList();
    List<PrecisionRecall> samples = new ArrayList<>();
    double exact = 0;
    double wrong = 0;
    for (int item = 0; item < actual.length; item++) {
      References.requireSame("labels", labels, actual[item].length);
      References.requireSame("labels", labels, predicted[item].length);
      Counts sample = new Counts();
      double before = wrong;
      for (int label = 0; label < labels; label++) {
        boolean isActual = actual[item][label];
        boolean isPredicted = predicted[item][label];
        all.add(isActual, isPredicted);
        ofLabels.get(label).add(isActual, isPredicted);
        sample.add(isActual, isPredicted);
        wrong += isActual == isPredicted ? 0 : 1;
      }
      samples.add(sample.score());
      exact += wrong == before ? 1 : 0;
    }
    List<PrecisionRecall> scores = ofLabels.stream().map(Counts::score).toList();
    return new MultiLabelScore(
        exact / actual.length,
        wrong / actual.length / labels,
        all.score(),
        PrecisionRecall.mean(scores),
        PrecisionRecall.weighted(
            scores, ofLabels.stream().mapToDouble(counts -> counts.actual).toArray()),
        PrecisionRecall.mean(samples));
  }

  /**
   * The measures {@code subset_accuracy}, {@code hamming_loss}, {@code micro_f1}, {@code macro_f1},
   * {@code weighted_f1} and {@code samples_f1}.
   */
  public static CorpusMeasure measure(boolean[][] actual, boolean[][] predicted) {
    of(actual, predicted);
    return new CorpusMeasure() {
      @Override
      public int items() {
        return actual.length;
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        boolean[][] someActual = new boolean[selection.length][];
        boolean[][] somePredicted = new boolean[selection.length][];
        for (int i = 0; i < selection.length; i++) {
          someActual[i] = actual[selection[i]];
          somePredicted[i] = predicted[selection[i]];
        }
        return of(someActual, somePredicted).values();
      }
    };
  }

  private SequencedMap<String, Double> values() {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("subset_accuracy", subsetAccuracy);
    values.put("hamming_loss", hammingLoss);
    values.put("micro_f1", micro.f1());
    values.put("macro_f1", macro.f1());
    values.put("weighted_f1", weighted.f1());
    values.put("samples_f1", samples.f1());
    return values;
  }
}
