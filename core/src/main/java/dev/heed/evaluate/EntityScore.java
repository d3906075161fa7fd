package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well entities were found: an entity is right if its type and both ends are.
 *
 * <p>Values are those of seqeval, whose lenient mode is that of the conlleval program of
 * CoNLL-2000.
 *
 * @param micro over all entities
 * @param macro the mean over types, also those only predicted; not a number without entities
 * @param weighted the mean over types by how many entities each should have
 * @param ofTypes for each type its score, sorted by type
 * @param tokenAccuracy the share of equal tags
 */
public record EntityScore(
    PrecisionRecall micro,
    PrecisionRecall macro,
    PrecisionRecall weighted,
    SortedMap<String, OfType> ofTypes,
    double tokenAccuracy) {

  /** The score of one type, and how many of its entities there should be. */
  public record OfType(PrecisionRecall score, int support) {}

  /** Counts of one type. */
  private static final class Counts {
    int right;
    int predicted;
    int actual;
  }

  /**
   * Scores tagged sentences.
   *
   * @param actual for each sentence its tags
   * @param predicted the same of the predictions
   * @throws IllegalArgumentException if sentences or tags are not as many, or a tag is none of the
   *     scheme
   */
  public static EntityScore of(
      TagScheme scheme, List<List<String>> actual, List<List<String>> predicted) {
    References.requireSame("tagged sentences", actual.size(), predicted.size());
    SortedMap<String, Counts> types = new TreeMap<>();
    long tokens = 0;
    long equal = 0;
    for (int s = 0; s < actual.size(); s++) {
      References.requireSame(
          "tags of sentence " + (s + 1), actual.get(s).size(), predicted.get(s).size());
      count(types, scheme.entities(actual.get(s)), scheme.entities(predicted.get(s)));
      for (int t = 0; t < actual.get(s).size(); t++) {
        equal += actual.get(s).get(t).equals(predicted.get(s).get(t)) ? 1 : 0;
        tokens++;
      }
    }
    return of(types, (double) equal / tokens);
  }

  /**
   * The measures {@code precision}, {@code recall}, {@code f1}, {@code macro_f1}, {@code
   * weighted_f1}, {@code token_accuracy} of tagged sentences.
   */
  public static CorpusMeasure measure(
      TagScheme scheme, List<List<String>> actual, List<List<String>> predicted) {
    of(scheme, actual, predicted);
    return new CorpusMeasure() {
      @Override
      public int items() {
        return actual.size();
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        List<List<String>> someActual = new ArrayList<>();
        List<List<String>> somePredicted = new ArrayList<>();
        for (int item : selection) {
          someActual.add(actual.get(item));
          somePredicted.add(predicted.get(item));
        }
        return of(scheme, someActual, somePredicted).values();
      }
    };
  }

  private SequencedMap<String, Double> values() {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("precision", micro.precision());
    values.put("recall", micro.recall());
    values.put("f1", micro.f1());
    values.put("macro_f1", macro.f1());
    values.put("weighted_f1", weighted.f1());
    values.put("token_accuracy", tokenAccuracy);
    return values;
  }

  private static void count(
      Map<String, Counts> types, List<EntitySpan> actual, List<EntitySpan> predicted) {
    Set<EntitySpan> wanted = new HashSet<>(actual);
    for (EntitySpan span : wanted) {
      types.computeIfAbsent(span.type(), type -> new Counts()).actual++;
    }
    for (EntitySpan span : new HashSet<>(predicted)) {
      Counts counts = types.computeIfAbsent(span.type(), type -> new Counts());
      counts.predicted++;
      counts.right += wanted.contains(span) ? 1 : 0;
    }
  }

  private static EntityScore of(SortedMap<String, Counts> types, double tokenAccuracy) {
    SortedMap<String, OfType> ofTypes = new TreeMap<>();
    Counts all = new Counts();
    types.forEach((type, counts) -> {
      ofTypes.put(
          type,
          new OfType(
              PrecisionRecall.of(counts.right, counts.predicted, counts.actual), counts.actual));
      all.right += counts.right;
      all.predicted += counts.predicted;
      all.actual += counts.actual;
    });
    List<PrecisionRecall> scores = ofTypes.values().stream().map(OfType::score).toList();
    double[] weights = ofTypes.values().stream().mapToDouble(OfType::support).toArray();
    return new EntityScore(
        PrecisionRecall.of(all.right, all.predicted, all.actual),
        PrecisionRecall.mean(scores),
        PrecisionRecall.weighted(scores, weights),
        ofTypes,
        tokenAccuracy);
  }
}
