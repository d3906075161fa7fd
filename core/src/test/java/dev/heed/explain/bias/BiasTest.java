package dev.heed.explain.bias;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.bias.HardDebiasing.Pair;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BiasTest {
  private static double[][] random(int rows, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] vectors = new double[rows][size];
    for (double[] row : vectors) {
      for (int i = 0; i < size; i++) {
        row[i] = random.nextDouble(-1, 1);
      }
    }
    return vectors;
  }

  @Test
  void perfectly_split_targets_have_the_largest_effect() {
    double[][] east = {{1, 0}, {2, 0}, {3, 0}};
    double[][] north = {{0, 1}, {0, 2}, {0, 3}};
    AssociationTest test = AssociationTest.exact(east, north, east, north);
    assertThat(test.associationX()).containsExactly(1, 1, 1);
    assertThat(test.statistic()).isEqualTo(6);
    assertThat(test.partitions()).isEqualTo(20);
    assertThat(test.pValue()).isEqualTo(1.0 / 20);
    // six values ±1: sd with n - 1 is sqrt(6/5)
    assertThat(test.effectSize()).isCloseTo(2 / Math.sqrt(1.2), within(1e-12));
  }

  @Test
  void sampled_partitions_come_near_to_all() {
    double[][] x = random(5, 7, 1);
    double[][] y = random(5, 7, 2);
    double[][] a = random(3, 7, 3);
    double[][] b = random(2, 7, 4);
    AssociationTest sampled = AssociationTest.sampled(x, y, a, b, 20_000, 5);
    assertThat(sampled.pValue())
        .isCloseTo(AssociationTest.exact(x, y, a, b).pValue(), within(0.02));
    assertThat(sampled.partitions()).isEqualTo(20_001);
  }

  @Test
  void what_no_test_can_be_made_of_is_refused() {
    assertThatThrownBy(() ->
            AssociationTest.exact(
                random(2, 3, 1), random(3, 3, 2), random(1, 3, 3), random(1, 3, 4)))
        .hasMessageContaining("got 2 and 3");
    assertThatThrownBy(() ->
            AssociationTest.exact(
                random(30, 2, 1), random(30, 2, 2), random(1, 2, 3), random(1, 2, 4)))
        .hasMessageContaining("sample them");
    assertThatThrownBy(() -> HardDebiasing.of(new double[][] {{1, 0}, {1, 0}}, new Pair(0, 1)))
        .hasMessageContaining("got equal ones in all");
    assertThatThrownBy(() -> NullspaceProjection.fit(random(2, 3, 1), new boolean[2], 1, 0))
        .hasMessageContaining("a ridge above 0, got 2, 1 and 0.0");
  }

  @Test
  void debiasing_leaves_neutral_words_nothing_of_the_direction() {
    double[][] words = random(11, 5, 7);
    HardDebiasing debiasing = HardDebiasing.of(words, new Pair(0, 1), new Pair(2, 3));
    double[][] debiased = debiasing.debias(words, Set.of(0, 1), new Pair(0, 1));
    for (int i = 2; i < words.length; i++) {
      assertThat(Vectors.dot(debiased[i], debiasing.direction())).isCloseTo(0, within(1e-12));
      // both of the pair are as far from every neutral word
      assertThat(Vectors.dot(debiased[0], debiased[i]))
          .isCloseTo(Vectors.dot(debiased[1], debiased[i]), within(1e-12));
    }
  }

  @Test
  void a_projection_takes_each_direction_once() {
    double[][] projection =
        NullspaceProjection.off(new double[][] {{1, 1, 0}, {2, 2, 0}, {0, 0, 0}});
    assertThat(projection[0]).containsExactly(new double[] {0.5, -0.5, 0}, within(1e-12));
    assertThat(projection[2]).containsExactly(new double[] {0, 0, 1}, within(1e-12));
  }
}
