package dev.heed.task.speech;

import java.util.Arrays;

/**
 * When each token is said, by what cross-attention looked at: heads' weights are standardised over
 * the tokens, smoothed over time, averaged, and the likeliest monotone way through them is found by
 * dynamic time warping.
 *
 * <p>Source: OpenAI's Whisper, {@code timing.py}, and Hugging Face's {@code
 * _extract_token_timestamps}.
 */
final class WordTimes {
  private WordTimes() {}

  /**
   * The first state that belongs to each token.
   *
   * @param heads {@code [head][token][state]}, weights after the softmax
   * @param width of the median over time, odd
   */
  static int[] starts(double[][][] heads, int width) {
    int tokens = heads[0].length;
    int states = heads[0][0].length;
    double[][] mean = new double[tokens][states];
    for (double[][] head : heads) {
      double[][] standard = standardised(head);
      for (int t = 0; t < tokens; t++) {
        double[] smooth = median(standard[t], width);
        for (int s = 0; s < states; s++) {
          mean[t][s] += smooth[s] / heads.length;
        }
      }
    }
    return warp(mean);
  }

  /** Mean 0 and deviation 1 over the tokens, for each state. */
  private static double[][] standardised(double[][] head) {
    int tokens = head.length;
    double[][] result = new double[tokens][head[0].length];
    for (int s = 0; s < head[0].length; s++) {
      double sum = 0;
      double squares = 0;
      for (double[] row : head) {
        sum += row[s];
      }
      double mean = sum / tokens;
      for (double[] row : head) {
        squares += (row[s] - mean) * (row[s] - mean);
      }
      double deviation = Math.sqrt(squares / tokens);
      for (int t = 0; t < tokens; t++) {
        result[t][s] = deviation > 0 ? (head[t][s] - mean) / deviation : 0;
      }
    }
    return result;
  }

  /** The median of each value and its neighbours, mirrored at the ends; short rows stay. */
  static double[] median(double[] row, int width) {
    int side = width / 2;
    if (row.length <= side || side == 0) {
      return row;
    }
    double[] result = new double[row.length];
    double[] near = new double[width];
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < width; j++) {
        int at = Math.abs(i + j - side);
        near[j] = row[at < row.length ? at : 2 * (row.length - 1) - at];
      }
      double[] sorted = near.clone();
      Arrays.sort(sorted);
      result[i] = sorted[side];
    }
    return result;
  }

  /** The state at which the best way through {@code [token][state]} reaches each token. */
  static int[] warp(double[][] gain) {
    int tokens = gain.length;
    int states = gain[0].length;
    double[][] cost = new double[tokens + 1][states + 1];
    byte[][] step = new byte[tokens + 1][states + 1];
    for (double[] row : cost) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    cost[0][0] = 0;
    for (int s = 1; s <= states; s++) {
      for (int t = 1; t <= tokens; t++) {
        double both = cost[t - 1][s - 1];
        double token = cost[t - 1][s];
        double state = cost[t][s - 1];
        step[t][s] =
            (byte) (both < token && both < state ? 0 : token < both && token < state ? 1 : 2);
        double least = step[t][s] == 0 ? both : step[t][s] == 1 ? token : state;
        cost[t][s] = least - gain[t - 1][s - 1];
      }
    }
    int[] starts = new int[tokens];
    int t = tokens;
    int s = states;
    while (t > 0 && s > 0) {
      starts[t - 1] = s - 1;
      switch (step[t][s]) {
        case 0 -> {
          t--;
          s--;
        }
        case 1 -> t--;
        default -> s--;
      }
    }
    return starts;
  }
}
