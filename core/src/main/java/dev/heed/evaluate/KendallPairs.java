package dev.heed.evaluate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Pairs of items by how two lists order them, counted in {@code O(n log n)} (Knight, A computer
 * method for calculating Kendall's tau with ungrouped data, JASA 1966).
 *
 * @param all all pairs
 * @param equalX those equal in the first list
 * @param equalY those equal in the second list
 * @param surplus how many more are in the same order in both than in opposite order
 */
record KendallPairs(double all, double equalX, double equalY, double surplus) {

  static KendallPairs of(double[] x, double[] y) {
    Correlation.require(x, y);
    Integer[] order = IntStream.range(0, x.length).boxed().toArray(Integer[]::new);
    Arrays.sort(
        order,
        Comparator.comparingDouble((Integer i) -> x[i] + 0.0).thenComparingDouble(i -> y[i] + 0.0));
    double[] sortedX = Arrays.stream(order).mapToDouble(i -> x[i]).toArray();
    double[] byX = Arrays.stream(order).mapToDouble(i -> y[i]).toArray();
    double equalBoth = 0;
    int run = 1;
    for (int i = 1; i <= x.length; i++) {
      if (i < x.length && sortedX[i] == sortedX[i - 1] && byX[i] == byX[i - 1]) {
        run++;
      } else {
        equalBoth += pairs(run);
        run = 1;
      }
    }
    double equalX = equalPairs(sortedX);
    double swaps = swaps(byX, new double[byX.length], 0, byX.length);
    double equalY = equalPairs(byX);
    double all = pairs(x.length);
    return new KendallPairs(all, equalX, equalY, all - equalX - equalY + equalBoth - 2 * swaps);
  }

  private static double pairs(double n) {
    return n * (n - 1) / 2;
  }

  private static double equalPairs(double[] sorted) {
    double equal = 0;
    int start = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[start]) {
        equal += pairs(i - start);
        start = i;
      }
    }
    return equal;
  }

  /** Sorts a range by merging and says how many pairs were in the wrong order. */
  private static double swaps(double[] values, double[] spare, int start, int end) {
    if (end - start < 2) {
      return 0;
    }
    int middle = (start + end) >>> 1;
    double swaps = swaps(values, spare, start, middle) + swaps(values, spare, middle, end);
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      if (left < middle && (right == end || values[left] <= values[right])) {
        spare[i] = values[left++];
      } else {
        swaps += middle - left;
        spare[i] = values[right++];
      }
    }
    System.arraycopy(spare, start, values, start, end - start);
    return swaps;
  }
}
