package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.evaluate.RankingScore.Query;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What can be derived by hand, and what is refused. */
@Tag("unit")
class MeasureTest {
  private static final List<String> TEXTS = List.of("the cat sat on the mat", "a dog", "");

  @Test
  void what_equals_its_reference_is_best() {
    References same = References.single(TEXTS);
    assertThat(Bleu.usual().corpus(TEXTS, same).score()).isCloseTo(100, within(1e-9));
    assertThat(Chrf.plusPlus().corpus(TEXTS, same)).isCloseTo(100, within(1e-9));
    assertThat(Ter.usual().corpus(TEXTS, same).score()).isZero();
    assertThat(ErrorRate.measure(ErrorRate.Unit.WORD, TEXTS, same).value("wer")).isZero();
  }

  @Test
  void a_moved_block_is_one_edit() {
    Ter.Score score = Ter.usual().sentence("on the mat the cat sat", List.of(TEXTS.getFirst()));
    assertThat(score.edits()).isEqualTo(1);
    assertThat(score.score()).isCloseTo(100.0 / 6, within(1e-9));
  }

  @Test
  void nothing_is_measured_without_items() {
    assertThat(Confusion.of(List.of("a"), List.of(), List.of()).accuracy()).isNaN();
    assertThat(TextLikelihood.of("", new double[0]).perplexity()).isNaN();
    assertThat(ErrorRate.NONE.rate()).isNaN();
    assertThat(new BinaryScores(new boolean[0], new double[0]).rocAuc()).isNaN();
    assertThat(new AlignmentScore(0, 0, 0, 0).errorRate()).isNaN();
    assertThat(DetectionScore.of(List.of(1), List.of(), List.of()).averagePrecision())
        .isEqualTo(-1);
  }

  @Test
  void samples_are_the_same_for_a_seed_and_resample_items() {
    int[][] samples = Bootstrap.samples(7, 11, 3);
    assertThat(samples).isDeepEqualTo(Bootstrap.samples(7, 11, 3));
    assertThat(samples).isNotEqualTo(Bootstrap.samples(7, 11, 4));
    assertThat(Arrays.stream(samples).flatMapToInt(Arrays::stream)).allMatch(i -> i >= 0 && i < 7);
    CorpusMeasure bleu = Bleu.usual().measure(TEXTS, References.single(TEXTS));
    Bootstrap.Interval interval =
        Bootstrap.of(bleu, Bootstrap.samples(3, 50, 1)).firstEntry().getValue().percentile(0.95);
    assertThat(interval.low()).isBetween(0.0, interval.high());
    assertThat(interval.high()).isCloseTo(100, within(1e-9));
  }

  @Test
  void the_normal_quantile_is_that_of_tables() {
    assertThat(NormalDistribution.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-12));
    assertThat(NormalDistribution.quantile(0.5)).isZero();
    assertThat(NormalDistribution.below(-1)).isCloseTo(0.15865525393145707, within(1e-15));
  }

  @Test
  void wrong_input_is_refused() {
    assertThatThrownBy(() -> Bleu.usual().corpus(TEXTS, References.single(List.of("one"))))
        .hasMessageContaining("got 3 and 1");
    assertThatThrownBy(() -> new References(List.of(List.of("a"), List.of())))
        .hasMessageContaining("got none for item 2");
    assertThatThrownBy(() -> TagScheme.IOB2.entities(List.of("E-PER")))
        .hasMessage("tags: expected one of the prefixes IOB, got 'E-PER'");
    assertThatThrownBy(() -> new Box(0, 0, -1, 2)).hasMessageContaining("sides of at least 0");
    assertThatThrownBy(() -> new Query(List.of("a", "a"), Map.of()))
        .hasMessageContaining("each document once");
    assertThatThrownBy(() -> TextLikelihood.of("a", new double[] {0.5}))
        .hasMessageContaining("give natural logarithms");
    assertThatThrownBy(() -> Correlation.kendall(new double[] {1, Double.NaN}, new double[2]))
        .hasMessageContaining("not a number");
    assertThatThrownBy(() -> BleuTokenizer.named("mecab")).hasMessageContaining("got mecab");
    assertThatThrownBy(() -> Calibration.ofEqualWidth(3, new double[] {1.5}, new boolean[1]))
        .hasMessage("confidence: expected from 0 to 1, got 1.5");
  }
}
