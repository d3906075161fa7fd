package dev.heed.model.forecast;

import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** Numbers of distributions that are drawn by rejection, one for each element of a tensor. */
final class RandomDraws {
  /** Above this mean counts are drawn by rejection, below it by multiplying uniform numbers. */
  private static final double LARGE = 10;

  private RandomDraws() {}

  /**
   * Numbers of the gamma distribution with scale 1 (Marsaglia and Tsang 2000): the cube of a
   * shifted normal number, rejected where it misses.
   *
   * @param shapes positive, of any shape
   * @return the same shape and type
   */
  static Tensor gamma(Tensor shapes, Generator random) {
    SplittableRandom source = new SplittableRandom(random.nextSeed());
    return each(shapes, shape -> gamma(shape, source));
  }

  /**
   * Counts of Poisson's distribution.
   *
   * @param means not negative, of any shape
   * @return the same shape and type
   */
  static Tensor poisson(Tensor means, Generator random) {
    SplittableRandom source = new SplittableRandom(random.nextSeed());
    return each(means, mean -> mean < LARGE ? few(mean, source) : many(mean, source));
  }

  private static Tensor each(Tensor parameters, DoubleUnaryOperator draw) {
    double[] numbers = parameters.detach().contiguous().toDoubleArray();
    for (int i = 0; i < numbers.length; i++) {
      boolean usual = numbers[i] >= 0 && numbers[i] < Double.POSITIVE_INFINITY;
      numbers[i] = usual ? draw.applyAsDouble(numbers[i]) : Double.NaN;
    }
    return Tensor.of(numbers, parameters.shape().toArray()).to(parameters.dtype());
  }

  private static double gamma(double shape, SplittableRandom source) {
    if (shape < 1) {
      // Of a shape one larger, times a uniform number's power.
      return shape == 0 ? 0 : gamma(shape + 1, source) * Math.pow(source.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double normal = source.nextGaussian();
      double root = 1 + c * normal;
      if (root > 0) {
        double cube = root * root * root;
        double bound = 0.5 * normal * normal + d - d * cube + d * Math.log(cube);
        if (Math.log(source.nextDouble()) < bound) {
          return d * cube;
        }
      }
    }
  }

  /** How many uniform numbers may be multiplied before the product falls below e to minus mean. */
  private static double few(double mean, SplittableRandom source) {
    double least = Math.exp(-mean);
    double product = source.nextDouble();
    int count = 0;
    while (product > least) {
      product *= source.nextDouble();
      count++;
    }
    return count;
  }

  /** Transformed rejection with squeeze (Hörmann 1993, algorithm PTRS). */
  private static double many(double mean, SplittableRandom source) {
    double root = Math.sqrt(mean);
    double b = 0.931 + 2.53 * root;
    double a = -0.059 + 0.02483 * b;
    double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    double fits = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      double u = source.nextDouble() - 0.5;
      double v = source.nextDouble();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= fits) {
        return k;
      }
      boolean outside = k < 0 || (us < 0.013 && v > us);
      if (!outside
          && Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b)
              <= k * Math.log(mean) - mean - LogGamma.of(k + 1)) {
        return k;
      }
    }
  }
}
