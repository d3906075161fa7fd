package dev.heed.model.detection;

import java.util.Arrays;

/**
 * The cheapest assignment of every column to a row of its own (Kuhn 1955, by shortest augmenting
 * paths with potentials).
 */
final class Assignment {
  private Assignment() {}

  /**
   * Assigns.
   *
   * @param cost {@code [rows][columns]}, at least as many rows as columns
   * @return the row of each column
   */
  static int[] of(double[][] cost) {
    int rows = cost.length;
    int columns = rows == 0 ? 0 : cost[0].length;
    double[] ofColumn = new double[columns + 1];
    double[] ofRow = new double[rows + 1];
    int[] taken = new int[rows + 1]; // the column, from 1, of each row; 0 for none
    for (int column = 1; column <= columns; column++) {
      taken[0] = column;
      double[] least = new double[rows + 1];
      int[] from = new int[rows + 1];
      boolean[] done = new boolean[rows + 1];
      Arrays.fill(least, Double.POSITIVE_INFINITY);
      int row = 0;
      do {
        done[row] = true;
        int current = taken[row];
        double step = Double.POSITIVE_INFINITY;
        int next = 0;
        for (int i = 1; i <= rows; i++) {
          if (!done[i]) {
            double reduced = cost[i - 1][current - 1] - ofColumn[current] - ofRow[i];
            if (reduced < least[i]) {
              least[i] = reduced;
              from[i] = row;
            }
            if (least[i] < step) {
              step = least[i];
              next = i;
            }
          }
        }
        for (int i = 0; i <= rows; i++) {
          if (done[i]) {
            ofColumn[taken[i]] += step;
            ofRow[i] -= step;
          } else {
            least[i] -= step;
          }
        }
        row = next;
      } while (taken[row] != 0);
      while (row != 0) {
        taken[row] = taken[from[row]];
        row = from[row];
      }
    }
    int[] found = new int[columns];
    for (int i = 1; i <= rows; i++) {
      if (taken[i] != 0) {
        found[taken[i] - 1] = i - 1;
      }
    }
    return found;
  }
}
