package dev.heed.explain.bias;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * WEAT: whether two sets of targets X and Y (flowers, insects) differ in what they lie near to, A
 * or B (pleasant, unpleasant).
 *
 * <p>A target's association is {@code s(w) = mean cos(w, a) - mean cos(w, b)}. The statistic is
 * {@code Σ_X s - Σ_Y s}, the effect size {@code (mean_X s - mean_Y s) / sd_{X ∪ Y} s} with n - 1,
 * the p-value the share of all partitions of X ∪ Y into equal halves, the given one included, whose
 * statistic is not smaller (Caliskan, Bryson and Narayanan, Science 2017). Of sentence vectors it
 * is SEAT (May et al., NAACL 2019).
 *
 * @param associationX of each target of X
 * @param associationY of each target of Y
 * @param statistic how much more X is associated with A
 * @param effectSize the same in standard deviations, from -2 to 2
 * @param pValue how likely a random partition gives as much
 * @param partitions how many partitions were compared
 */
public record AssociationTest(
    double[] associationX,
    double[] associationY,
    double statistic,
    double effectSize,
    double pValue,
    long partitions) {
  /** How many partitions {@link #exact} compares at most; 12 targets a side have 2,704,156. */
  public static final long MOST_PARTITIONS = 10_000_000;

  private static final double SLACK = 1e-12;

  /**
   * Compares with all partitions.
   *
   * @param x targets {@code [n][size]}
   * @param y as many others
   * @param a attributes, at least one
   * @param b others, at least one
   * @throws IllegalArgumentException if X and Y are not as many, sizes differ, or there are more
   *     than {@link #MOST_PARTITIONS}: then take {@link #sampled}
   */
  public static AssociationTest exact(double[][] x, double[][] y, double[][] a, double[][] b) {
    require(x, y, a, b);
    double[] all = associations(x, y, a, b);
    long partitions = 1;
    for (int i = 1; i <= x.length; i++) {
      // The product of i neighbours is divisible by i!, so each quotient is whole.
      partitions = partitions * (x.length + i) / i;
      if (partitions > MOST_PARTITIONS) {
        throw new IllegalArgumentException(
            "WEAT: expected at most "
                + MOST_PARTITIONS
                + " partitions, got more of "
                + x.length
                + " targets a side; sample them");
      }
    }
    double total = Arrays.stream(all).sum();
    double least = Arrays.stream(all, 0, x.length).sum() - SLACK / 2;
    long asLarge = count(all, 0, x.length, 0, least);
    return of(all, x.length, total, (double) asLarge / partitions, partitions);
  }

  /**
   * Compares with random partitions and the given one.
   *
   * @param samples how many random ones
   * @param seed the same seed gives the same partitions
   */
  public static AssociationTest sampled(
      double[][] x, double[][] y, double[][] a, double[][] b, int samples, long seed) {
    require(x, y, a, b);
    double[] all = associations(x, y, a, b);
    double observed = Arrays.stream(all, 0, x.length).sum();
    double total = Arrays.stream(all).sum();
    SplittableRandom random = new SplittableRandom(seed);
    double[] mixed = all.clone();
    long asLarge = 1;
    for (int sample = 0; sample < samples; sample++) {
      double half = 0;
      for (int i = 0; i < x.length; i++) {
        int other = random.nextInt(i, mixed.length);
        double chosen = mixed[other];
        mixed[other] = mixed[i];
        mixed[i] = chosen;
        half += chosen;
      }
      asLarge += half >= observed - SLACK / 2 ? 1 : 0;
    }
    return of(all, x.length, total, asLarge / (samples + 1.0), samples + 1L);
  }

  /** How many choices of so many more numbers bring a sum to at least this. */
  private static long count(double[] all, int from, int more, double sum, double least) {
    if (more == 0) {
      return sum >= least ? 1 : 0;
    }
    long found = 0;
    for (int i = from; i <= all.length - more; i++) {
      found += count(all, i + 1, more - 1, sum + all[i], least);
    }
    return found;
  }

  private static AssociationTest of(
      double[] all, int half, double total, double pValue, long partitions) {
    double[] ofX = Arrays.copyOf(all, half);
    double[] ofY = Arrays.copyOfRange(all, half, all.length);
    double mean = total / all.length;
    double squares = DoubleStream.of(all).map(s -> (s - mean) * (s - mean)).sum();
    double statistic = DoubleStream.of(ofX).sum() - DoubleStream.of(ofY).sum();
    double effect = statistic / half / Math.sqrt(squares / (all.length - 1));
    return new AssociationTest(ofX, ofY, statistic, effect, pValue, partitions);
  }

  private static double[] associations(double[][] x, double[][] y, double[][] a, double[][] b) {
    return Stream.concat(Arrays.stream(x), Arrays.stream(y))
        .mapToDouble(target -> meanCosine(target, a) - meanCosine(target, b))
        .toArray();
  }

  private static double meanCosine(double[] target, double[][] attributes) {
    return Arrays.stream(attributes)
        .mapToDouble(attribute -> Vectors.cosine(target, attribute))
        .average()
        .orElse(Double.NaN);
  }

  private static void require(double[][] x, double[][] y, double[][] a, double[][] b) {
    if (x.length != y.length || x.length == 0) {
      throw new IllegalArgumentException(
          "WEAT: expected as many targets in X as in Y, at least one, got "
              + x.length
              + " and "
              + y.length);
    }
    int size = x[0].length;
    Vectors.require("X", x, size);
    Vectors.require("Y", y, size);
    Vectors.require("A", a, size);
    Vectors.require("B", b, size);
  }
}
