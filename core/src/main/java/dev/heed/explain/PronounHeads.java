package dev.heed.explain;

import dev.heed.evaluate.PronounQuestion;
import dev.heed.evaluate.PronounQuestion.Place;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the attention of single heads says a pronoun means: the name to which it attends most (Clark
 * et al. 2019, section 4.2). Nothing is trained; the head is chosen.
 */
public final class PronounHeads {
  private PronounHeads() {}

  /**
   * A head.
   *
   * @param layer from 0
   * @param number from 0
   * @param right the share of the questions on which it was chosen that it told rightly
   */
  public record Head(int layer, int number, double right) {}

  /**
   * How much of each head's attention goes from a pronoun to each name: the most that any token of
   * the name gets, on average over the pronoun's tokens.
   *
   * @param map of the question's text
   * @return by layer, head and candidate
   * @throws IllegalArgumentException if the map lacks a token of the pronoun or of a name
   */
  public static double[][][] shares(AttentionMap map, PronounQuestion question) {
    int[] from = tokens(map, question, question.pronoun());
    int names = question.candidates().size();
    double[][][] shares = new double[map.layers()][map.heads()][names];
    for (int name = 0; name < names; name++) {
      int[] to = tokens(map, question, question.candidates().get(name).place());
      for (int layer = 0; layer < map.layers(); layer++) {
        for (int head = 0; head < map.heads(); head++) {
          for (int query : from) {
            float[] row = map.row(layer, head, query);
            double most = IntStream.of(to).mapToDouble(key -> row[key]).max().orElse(0);
            shares[layer][head][name] += most / from.length;
          }
        }
      }
    }
    return shares;
  }

  private static int[] tokens(AttentionMap map, PronounQuestion question, Place place) {
    List<AttentionMap.Unit> units = map.units();
    int[] found =
        IntStream.range(0, units.size())
            .filter(i -> {
              AttentionMap.Unit unit = units.get(i);
              boolean within = unit.start() < place.end() && unit.end() > place.start();
              return !unit.special() && within;
            })
            .toArray();
    if (found.length == 0) {
      throw new IllegalArgumentException(
          "attention: expected tokens of " + question.in(place) + ", got none");
    }
    return found;
  }

  /** The candidate with the most. */
  public static int told(double[] shares) {
    int best = 0;
    for (int i = 1; i < shares.length; i++) {
      best = shares[i] > shares[best] ? i : best;
    }
    return best;
  }

  /**
   * The head that tells most questions rightly.
   *
   * @param shares of each question, as {@link #shares} gives them
   * @param questions one or more
   */
  public static Head choose(List<double[][][]> shares, List<PronounQuestion> questions) {
    Head best = new Head(0, 0, -1);
    double[][][] shape = shares.getFirst();
    for (int layer = 0; layer < shape.length; layer++) {
      for (int number = 0; number < shape[layer].length; number++) {
        int right = 0;
        for (int i = 0; i < questions.size(); i++) {
          int told = told(shares.get(i)[layer][number]);
          right += questions.get(i).candidates().get(told).right() ? 1 : 0;
        }
        double share = (double) right / questions.size();
        best = share > best.right() ? new Head(layer, number, share) : best;
      }
    }
    return best;
  }
}
