package dev.heed.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.evaluate.PairRecall.Places;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PairRecallTest {
  @Test
  void the_best_right_candidate_counts_behind_wrong_ones_that_score_alike() {
    double[] scores = {0.2, 0.9, 0.5, Double.NaN, 0.5};
    assertThat(PairRecall.place(scores, new boolean[] {false, true, false, false, false}))
        .isEqualTo(1);
    assertThat(PairRecall.place(scores, new boolean[] {true, false, true, false, false}))
        .isEqualTo(3);
    assertThat(PairRecall.place(scores, new boolean[] {false, false, false, true, false}))
        .isEqualTo(Places.MISSED);
  }

  @Test
  void recall_is_the_share_of_those_who_are_found() {
    CorpusMeasure measure =
        PairRecall.measure(
            List.of(new Places(1, 3), new Places(4, 2), new Places(Places.MISSED, 1)),
            "text",
            "image",
            1,
            3);
    assertThat(measure.overall().keySet())
        .containsExactly("text_recall@1", "text_recall@3", "image_recall@1", "image_recall@3");
    assertThat(measure.value("text_recall@3")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(measure.value("image_recall@1")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(measure.value("image_recall@3")).isEqualTo(1);
  }
}
