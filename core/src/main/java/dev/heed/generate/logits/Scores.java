package dev.heed.generate.logits;

import java.util.Arrays;
import java.util.PrimitiveIterator;

/** Arithmetic on one row of scores. A row in which every token is removed stays as it is. */
public final class Scores {
  /** The score of a token that may not be chosen. */
  public static final double REMOVED = Double.NEGATIVE_INFINITY;

  private Scores() {}

  /** Turns scores into log-probabilities, in place: {@code s - log Σ exp s}. */
  public static void logSoftmax(double[] scores) {
    double sum = logSumExp(scores, 0, scores.length);
    if (sum != REMOVED) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] -= sum;
      }
    }
  }

  /** The probabilities that scores stand for; all zero where every token is removed. */
  public static double[] softmax(double[] scores) {
    double[] probabilities = new double[scores.length];
    double largest = largest(scores);
    if (largest == REMOVED) {
      return probabilities;
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = Math.exp(scores[i] - largest);
      sum += probabilities[i];
    }
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  /** {@code log Σ exp s} over a range of tokens. */
  static double logSumExp(double[] scores, int from, int to) {
    double largest = REMOVED;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, scores[i]);
    }
    if (largest == REMOVED) {
      return REMOVED;
    }
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.exp(scores[i] - largest);
    }
    return largest + Math.log(sum);
  }

  /** The entropy {@code -Σ p log p} in nats; removed tokens add nothing. */
  static double entropy(double[] scores) {
    double sum = logSumExp(scores, 0, scores.length);
    double entropy = 0;
    for (double score : scores) {
      double p = Math.exp(score - sum);
      entropy -= p == 0 ? 0 : p * (score - sum);
    }
    return entropy;
  }

  /** The token of the largest score, the first of equal ones. */
  public static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The tokens of the largest scores, best first; of equal scores the first token first. */
  public static int[] best(double[] scores, int count) {
    int wanted = Math.min(count, scores.length);
    Heap heap = new Heap(wanted, scores);
    for (int i = 0; i < scores.length; i++) {
      heap.offer(i);
    }
    return heap.drain();
  }

  /** The {@code k}-th largest score; the smallest where there are fewer. */
  static double kthLargest(double[] scores, int k) {
    int[] best = best(scores, k);
    return scores[best[best.length - 1]];
  }

  /** Removes every token. */
  static void removeAll(double[] scores) {
    Arrays.fill(scores, REMOVED);
  }

  /** Removes all tokens but some, which keep their scores. */
  static void keepOnly(double[] scores, PrimitiveIterator.OfInt kept) {
    double[] before = scores.clone();
    removeAll(scores);
    kept.forEachRemaining((int token) -> scores[token] = before[token]);
  }

  /** The tokens in order of a key, smallest first; equal keys keep the order of tokens. */
  static int[] sorted(double[] keys) {
    int[] order = new int[keys.length];
    int start = 0;
    for (int i = 0; i < keys.length; i++) {
      // most are removed by then: what is infinite need not be compared
      if (keys[i] == Double.NEGATIVE_INFINITY) {
        order[start++] = i;
      }
    }
    int next = start;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != Double.NEGATIVE_INFINITY && keys[i] != Double.POSITIVE_INFINITY) {
        order[next++] = i;
      }
    }
    int end = next;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] == Double.POSITIVE_INFINITY) {
        order[next++] = i;
      }
    }
    mergeSort(order, start, end, keys, order.clone());
    return order;
  }

  private static void mergeSort(int[] order, int from, int to, double[] keys, int[] spare) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(order, from, middle, keys, spare);
    mergeSort(order, middle, to, keys, spare);
    System.arraycopy(order, from, spare, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean fromLeft =
          right == to
              || left < middle && Double.compare(keys[spare[left]], keys[spare[right]]) <= 0;
      order[i] = fromLeft ? spare[left++] : spare[right++];
    }
  }

  private static double largest(double[] scores) {
    double largest = REMOVED;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    return largest;
  }

  /** The best few tokens seen, the worst of them on top. */
  private static final class Heap {
    private final double[] scores;
    private final int[] tokens;
    private int size;

    Heap(int capacity, double[] scores) {
      this.tokens = new int[capacity];
      this.scores = scores;
    }

    /** Whether the first of two tokens ranks behind the second. */
    private boolean behind(int a, int b) {
      int order = Double.compare(scores[a], scores[b]);
      return order == 0 ? a > b : order < 0;
    }

    void offer(int token) {
      if (size < tokens.length) {
        int at = size++;
        tokens[at] = token;
        while (at > 0 && behind(tokens[at], tokens[(at - 1) / 2])) {
          swap(at, (at - 1) / 2);
          at = (at - 1) / 2;
        }
      } else if (size > 0 && behind(tokens[0], token)) {
        tokens[0] = token;
        sink();
      }
    }

    int[] drain() {
      int[] best = new int[size];
      while (size > 0) {
        best[size - 1] = tokens[0];
        tokens[0] = tokens[--size];
        sink();
      }
      return best;
    }

    private void sink() {
      int at = 0;
      while (true) {
        int worst = at;
        for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
          if (behind(tokens[child], tokens[worst])) {
            worst = child;
          }
        }
        if (worst == at) {
          return;
        }
        swap(at, worst);
        at = worst;
      }
    }

    private void swap(int a, int b) {
      int token = tokens[a];
      tokens[a] = tokens[b];
      tokens[b] = token;
    }
  }
}
