package dev.heed.model.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AssignmentTest {
  @Test
  void costs_as_little_as_the_best_of_all_assignments() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int rows = 1 + random.nextInt(6);
      int columns = 1 + random.nextInt(rows);
      double[][] cost = new double[rows][columns];
      for (double[] row : cost) {
        for (int j = 0; j < columns; j++) {
          row[j] = random.nextGaussian() * 10;
        }
      }
      int[] found = Assignment.of(cost);
      assertThat(found).doesNotHaveDuplicates().hasSize(columns);
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        sum += cost[found[j]][j];
      }
      assertThat(sum).isCloseTo(best(cost, 0, new boolean[rows]), within(1e-9));
    }
  }

  @Test
  void no_objects_need_no_rows() {
    assertThat(Assignment.of(new double[0][0])).isEmpty();
    assertThat(Assignment.of(new double[3][0])).isEmpty();
  }

  private static double best(double[][] cost, int column, boolean[] taken) {
    if (column == cost[0].length) {
      return 0;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int row = 0; row < cost.length; row++) {
      if (!taken[row]) {
        taken[row] = true;
        least = Math.min(least, cost[row][column] + best(cost, column + 1, taken));
        taken[row] = false;
      }
    }
    return least;
  }
}
