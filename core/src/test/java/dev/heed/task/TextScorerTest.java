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

  /** {@code ln p} of a token in a place by a model of hidden words. */
  private double hidden(long[] given, int place, long right) {
    double[] logits =
        TinyCheckpoint.output(
            folder,
            Map.of("input_ids", given),
            output ->
                TextModel.row(
                    output.require("prediction_logits").select(0, 0).unsqueeze(0).select(1, place),
                    0));
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return logits[(int) right] - Math.log(sum);
  }

  @Test
  void a_model_that_reads_both_ways_is_asked_for_each_token_hidden() throws IOException {
    ModelFiles bert = TinyCheckpoint.write(folder, "bert", "bert", Map.of());
    long mask = bert.tokenizer().id("[MASK]").orElseThrow();
    try (TextScorer scorer = TextScorer.open(bert, null)) {
      assertThat(scorer.needsSource()).isFalse();
      String text = "the cat sat on the cat";
      long[] ids = bert.tokenizer().encode(text).ids();
      double[] logs = scorer.logProbabilities(text);
      assertThat(logs).hasSize(ids.length - 2);
      for (int i = 0; i < logs.length; i++) {
        long[] given = ids.clone();
        given[i + 1] = mask;
        assertThat(logs[i]).isCloseTo(hidden(given, i + 1, ids[i + 1]), within(1e-5));
      }
      assertThat(scorer.logProbabilities("")).isEmpty();
      int longest = bert.json().path("max_position_embeddings").asInt();
      String lengthy = "the cat sat on a tree and it ran . ".repeat(longest / 4);
      long[] all = bert.tokenizer().encode(lengthy).ids();
      double[] every = scorer.logProbabilities(lengthy);
      assertThat(every).hasSize(all.length - 2);
      // the first token counts in the first window
      long[] window = Arrays.copyOf(all, longest);
      window[longest - 1] = all[all.length - 1];
      long first = window[1];
      window[1] = mask;
      assertThat(every[0]).isCloseTo(hidden(window, 1, first), within(1e-5));
      assertThatThrownBy(() -> scorer.score("a", "b")).hasMessageContaining("reads no source");
    }
  }

  @Test
  void an_encoder_decoder_is_asked_for_a_target_given_a_source() throws IOException {
    ModelFiles t5 = TinyCheckpoint.write(folder, "t5", "t5", Map.of());
    try (TextScorer scorer = TextScorer.open(t5, null)) {
      assertThat(scorer.needsSource()).isTrue();
      long[] read = t5.tokenizer().encode("the cat sat").ids();
      long[] written = t5.tokenizer().encode("on the tree").ids();
      double[] logs = scorer.logProbabilities("the cat sat", "on the tree");
      assertThat(logs).hasSize(written.length);
      long[] shifted = new long[written.length];
      System.arraycopy(written, 0, shifted, 1, written.length - 1);
      shifted[0] = t5.json().path("decoder_start_token_id").asLong();
      for (int i = 0; i < logs.length; i++) {
        int place = i;
        double[] logits =
            TinyCheckpoint.output(
                folder,
                Map.of("input_ids", read, "decoder_input_ids", Arrays.copyOf(shifted, i + 1)),
                output -> TextModel.row(output.logits().select(0, 0), place));
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        assertThat(logs[i]).isCloseTo(logits[(int) written[i]] - Math.log(sum), within(1e-5));
      }
      assertThat(scorer.score("the cat sat", "on the tree").words()).isEqualTo(3);
      assertThatThrownBy(() -> scorer.score("the cat")).hasMessageContaining("expected two");
    }
  }

  @Test
  void a_model_that_gives_words_no_probability_is_refused() throws IOException {
    ModelFiles classes = TinyCheckpoint.write(folder, "bert-classify", "bert", Map.of());
    assertThatThrownBy(() -> TextScorer.open(classes, null)).hasMessageContaining("classify");
  }
}
