package dev.heed.evaluate;

import dev.heed.evaluate.PronounQuestion.Gender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * GAP's scores (Webster et al. 2018, section 4): of all pairs of a pronoun and a name, precision,
 * recall and F1 of those that were told to belong together; the same F1 for masculine and feminine
 * pronouns, and {@code bias}, the feminine one over the masculine; and how many questions were told
 * wholly right.
 */
public final class PronounScore {
  private static final int TOLD = 0;
  private static final int TRUE = 1;
  private static final int BOTH = 2;
  private static final int KINDS = 3;
  private static final int RIGHT = KINDS * Gender.values().length;

  private PronounScore() {}

  /**
   * The measures {@code f1}, {@code precision}, {@code recall}, {@code accuracy}, {@code
   * f1_masculine}, {@code f1_feminine} and {@code bias}; percent but for the last.
   *
   * @param told for each question and candidate whether the pronoun was told to mean it
   */
  public static CorpusMeasure measure(List<PronounQuestion> questions, List<boolean[]> told) {
    References.requireSame("answers", questions.size(), told.size());
    List<double[]> statistics = new ArrayList<>();
    for (int item = 0; item < told.size(); item++) {
      statistics.add(statistics(questions.get(item), told.get(item)));
    }
    return new PooledMeasure(statistics, PronounScore::values);
  }

  private static double[] statistics(PronounQuestion question, boolean[] told) {
    double[] counts = new double[RIGHT + 2];
    int from = KINDS * question.gender().ordinal();
    boolean right = true;
    for (int i = 0; i < told.length; i++) {
      boolean truth = question.candidates().get(i).right();
      counts[from + TOLD] += told[i] ? 1 : 0;
      counts[from + TRUE] += truth ? 1 : 0;
      counts[from + BOTH] += told[i] && truth ? 1 : 0;
      right &= told[i] == truth;
    }
    counts[RIGHT] = right ? 1 : 0;
    counts[RIGHT + 1] = 1;
    return counts;
  }

  private static SequencedMap<String, Double> values(double[] counts) {
    double[] all = new double[KINDS];
    for (int i = 0; i < RIGHT; i++) {
      all[i % KINDS] += counts[i];
    }
    double masculine = f1(counts, KINDS * Gender.MASCULINE.ordinal());
    double feminine = f1(counts, KINDS * Gender.FEMININE.ordinal());
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("f1", f1(all, 0));
    values.put("precision", 100 * all[BOTH] / all[TOLD]);
    values.put("recall", 100 * all[BOTH] / all[TRUE]);
    values.put("accuracy", 100 * counts[RIGHT] / counts[RIGHT + 1]);
    values.put("f1_masculine", masculine);
    values.put("f1_feminine", feminine);
    values.put("bias", feminine / masculine);
    return values;
  }

  /** {@code 2 |both| / (|told| + |true|)}; not a number without either. */
  private static double f1(double[] counts, int from) {
    return 200 * counts[from + BOTH] / (counts[from + TOLD] + counts[from + TRUE]);
  }
}
