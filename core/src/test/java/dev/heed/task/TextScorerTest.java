package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.evaluate.TextLikelihood;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log-probabilities of texts, beside what follows by hand from a model's logits. */
@Tag("integration")
class TextScorerTest {
  @TempDir Path folder;

  private ModelFiles files() throws IOException {
    return TinyCheckpoint.write(folder, "gpt2", "gpt", Map.of());
  }

  /** {@code ln p} of the token after those that are given. */
  private double last(long[] given, long next) {
    float[] logits =
        TinyCheckpoint.output(
            folder,
            Map.of("input_ids", given),
            output -> output.logits().select(0, 0).select(0, -1).toFloatArray());
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return logits[(int) next] - Math.log(sum);
  }

  @Test
  void each_token_follows_those_before_it() throws IOException {
    try (TextScorer scorer = TextScorer.open(files(), null)) {
      long[] ids = files().tokenizer().encode("the cats sat on").ids();
      double[] logs = scorer.logProbabilities("the cats sat on");
      assertThat(logs).hasSize(ids.length - 1);
      for (int i = 0; i < logs.length; i++) {
        assertThat(logs[i]).isCloseTo(last(Arrays.copyOf(ids, i + 1), ids[i + 1]), within(1e-5));
      }
      TextLikelihood score = scorer.score("the cats sat on");
      assertThat(score.tokens()).isEqualTo(ids.length - 1);
      assertThat(score.negativeLog()).isCloseTo(-Arrays.stream(logs).sum(), within(1e-9));
      assertThat(scorer.logProbabilities("the")).isEmpty();
      assertThat(scorer.logProbabilities("")).isEmpty();
    }
  }

  @Test
  void a_text_longer_than_the_context_is_read_in_windows_that_overlap_by_half() throws IOException {
    try (TextScorer scorer = TextScorer.open(files(), null)) {
      int context = files().json().path("n_positions").asInt();
      String text = "the cat sat on a tree and it ran . ".repeat(context / 5);
      long[] ids = files().tokenizer().encode(text).ids();
      double[] logs = scorer.logProbabilities(text);
      assertThat(logs).hasSize(ids.length - 1);
      // the first window is full; a later token has from half a context to all of it before it
      assertThat(logs[context - 1])
          .isCloseTo(last(Arrays.copyOf(ids, context), ids[context]), within(1e-4));
      int half = (context + 1) / 2;
      long[] before = Arrays.copyOfRange(ids, context + 1 - half, context + 1);
      assertThat(logs[context]).isCloseTo(last(before, ids[context + 1]), within(1e-4));
    }
  }

  @Test
  void a_model_that_reads_both_ways_is_refused() throws IOException {
    ModelFiles bert = TinyCheckpoint.write(folder, "bert", "bert", Map.of());
    assertThatThrownBy(() -> TextScorer.open(bert, null)).hasMessageContaining("fill, next");
  }
}
