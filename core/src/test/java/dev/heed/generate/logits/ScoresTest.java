package dev.heed.generate.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScoresTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  @Test
  void the_best_come_first_and_ties_in_the_order_of_tokens() {
    double[] scores = {1, 3, 2, 3, Scores.REMOVED};
    assertThat(Scores.best(scores, 3)).containsExactly(1, 3, 2);
    assertThat(Scores.best(scores, 99)).containsExactly(1, 3, 2, 0, 4);
    assertThat(Scores.best(scores)).isEqualTo(1);
    assertThat(Scores.sorted(new double[] {2, INF, 1, -INF, 2})).containsExactly(3, 2, 0, 4, 1);
  }

  @Test
  void orders_agree_with_the_library() {
    Random random = new Random(7);
    for (int n : new int[] {1, 2, 3, 17, 257, 1009}) {
      double[] keys = random.doubles(n, -3, 3).map(x -> Math.rint(x * 20)).toArray();
      int[] expected =
          IntStream.range(0, n)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> keys[i]))
              .mapToInt(i -> i)
              .toArray();
      assertThat(Scores.sorted(keys)).containsExactly(expected);
      double[] negated = Arrays.stream(keys).map(x -> -x).toArray();
      assertThat(Scores.best(negated, n / 2 + 1))
          .containsExactly(Arrays.copyOf(expected, Math.min(n, n / 2 + 1)));
    }
  }

  @Test
  void probabilities_by_hand() {
    double[] scores = {0, Math.log(3), Scores.REMOVED};
    assertThat(Scores.softmax(scores)).containsExactly(new double[] {0.25, 0.75, 0}, within(1e-15));
    assertThat(Scores.entropy(scores))
        .isCloseTo(-0.25 * Math.log(0.25) - 0.75 * Math.log(0.75), within(1e-15));
    Scores.logSoftmax(scores);
    assertThat(scores[0]).isCloseTo(Math.log(0.25), within(1e-15));
    double[] huge = {1e308, 1e308};
    assertThat(Scores.softmax(huge)).containsExactly(0.5, 0.5);
  }

  @Test
  void a_row_without_tokens_stays_without() {
    double[] none = {Scores.REMOVED, Scores.REMOVED};
    assertThat(Scores.softmax(none)).containsExactly(0, 0);
    Scores.logSoftmax(none);
    assertThat(none).containsOnly(Scores.REMOVED);
  }

  @Test
  void sequences_share_and_do_not_disturb_each_other() {
    Tokens stem = Tokens.of(5, 7);
    Tokens left = stem.plus(1);
    Tokens right = stem.plus(2);
    assertThat(left.plus(3).toArray()).containsExactly(5, 7, 1, 3);
    assertThat(right.toArray()).containsExactly(5, 7, 2);
    assertThat(stem.toArray()).containsExactly(5, 7);
    assertThat(left.first(2)).isEqualTo(stem).hasSameHashCodeAs(stem);
    assertThat(left.endsWith(new int[] {7, 1})).isTrue();
    assertThat(left.endsWith(new int[] {5, 7, 1, 0})).isFalse();
    assertThatThrownBy(() -> left.get(3)).hasMessage("token 3 of 3");
  }

  @Test
  void the_decay_of_later_versions_raises_negative_scores_too() {
    double[] scores = {-2, 4};
    Prefix prefix = new Prefix(Tokens.of(9, 9, 9), 1, 10, 0);
    new ExponentialDecay(0, 2, List.of(0, 1), ExponentialDecay.Form.ADD).process(prefix, scores);
    assertThat(scores).containsExactly(-2 + 2 * 3, 4 + 4 * 3);
  }

  @Test
  void tokens_beyond_the_vocabulary_are_refused_by_the_option() {
    Prefix prefix = new Prefix(Tokens.of(1), 1, 10, 0);
    assertThatThrownBy(() -> new Suppress(List.of(3)).process(prefix, new double[3]))
        .hasMessage("suppress_tokens: expected tokens below the vocabulary's size, 3, got 3");
    assertThatThrownBy(() -> new TopK(0)).hasMessage("top_k: expected at least 1, got 0");
  }
}
