package dev.heed.explain.bias;

import java.util.Arrays;
import java.util.Set;

/**
 * Removes one direction, such as that of gender, from word vectors (Bolukbasi et al., Man is to
 * Computer Programmer as Woman is to Homemaker?, NeurIPS 2016, section 6).
 *
 * @param direction of length one
 * @param explained what share of the pairs' spread lies along each of their principal directions
 */
public record HardDebiasing(double[] direction, double[] explained) {
  /** Two words that differ in what the direction stands for, by their places. */
  public record Pair(int first, int second) {}

  /**
   * Finds the direction: the first principal one of the pairs' deviations from their centres, with
   * the sign for which the first word of the first pair lies above the second.
   *
   * @param vectors {@code [words][size]}
   * @param pairs words such as "she" and "he"
   * @throws IllegalArgumentException if there is no pair, or all pairs are of equal vectors
   */
  public static HardDebiasing of(double[][] vectors, Pair... pairs) {
    if (pairs.length == 0) {
      throw new IllegalArgumentException("pairs: expected at least one, got none");
    }
    Vectors.require("words", vectors, vectors.length == 0 ? 0 : vectors[0].length);
    double[][] deviations = new double[2 * pairs.length][];
    for (int p = 0; p < pairs.length; p++) {
      double[] half =
          Vectors.times(Vectors.plus(vectors[pairs[p].first], -1, vectors[pairs[p].second]), 0.5);
      deviations[2 * p] = half;
      deviations[2 * p + 1] = Vectors.times(half, -1);
    }
    if (Arrays.stream(deviations).allMatch(row -> Vectors.norm(row) == 0)) {
      throw new IllegalArgumentException(
          "pairs: expected two different vectors in one of them, got equal ones in all");
    }
    PrincipalDirections found = PrincipalDirections.of(deviations);
    double sign = Vectors.dot(deviations[0], found.first()) < 0 ? -1 : 1;
    return new HardDebiasing(Vectors.times(found.first(), sign), found.shares());
  }

  /** How far each vector reaches along the direction. */
  public double[] projection(double[][] vectors) {
    return Arrays.stream(vectors).mapToDouble(v -> Vectors.dot(v, direction)).toArray();
  }

  /** The mean of {@code |cos|} with the direction (section 5.2, strictness 1). */
  public double directBias(double[][] vectors) {
    return Arrays.stream(vectors)
        .mapToDouble(vector -> Math.abs(Vectors.cosine(vector, direction)))
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Takes the direction out of all vectors but some.
   *
   * @param specific places of words that are meant to have it, such as "queen"
   * @return new vectors, not brought to length one
   */
  public double[][] neutralize(double[][] vectors, Set<Integer> specific) {
    double[][] neutral = new double[vectors.length][];
    for (int i = 0; i < vectors.length; i++) {
      neutral[i] =
          specific.contains(i) ? vectors[i].clone() : Vectors.without(vectors[i], direction);
    }
    return neutral;
  }

  /**
   * Neutralises, and sets each pair to the same distance from every neutral word: {@code y ± z ·
   * direction}, y their mean without the direction, {@code z = sqrt(1 - |y|²)}.
   *
   * @param equalized pairs that shall differ in the direction only
   * @return new vectors of length one
   */
  public double[][] debias(double[][] vectors, Set<Integer> specific, Pair... equalized) {
    double[][] words = neutralize(vectors, specific);
    Arrays.setAll(words, i -> Vectors.unit(words[i]));
    for (Pair pair : equalized) {
      double[] first = words[pair.first];
      double[] second = words[pair.second];
      double[] middle =
          Vectors.without(Vectors.times(Vectors.plus(first, 1, second), 0.5), direction);
      double away = Math.sqrt(1 - Vectors.dot(middle, middle));
      if (Vectors.dot(Vectors.plus(first, -1, second), direction) < 0) {
        away = -away;
      }
      words[pair.first] = Vectors.plus(middle, away, direction);
      words[pair.second] = Vectors.plus(middle, -away, direction);
    }
    Arrays.setAll(words, i -> Vectors.unit(words[i]));
    return words;
  }
}
