package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.Evidence;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import dev.heed.task.MaskFiller.Filled;
import dev.heed.task.MaskFiller.Guess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden words, next sentences and gaps, beside what follows by hand from a model's logits. */
@Tag("integration")
class MaskFillerTest {
  @TempDir Path folder;

  private ModelFiles bert() throws IOException {
    return TinyCheckpoint.write(folder, "bert", "bert", Map.of());
  }

  @Test
  void guesses_are_the_likeliest_words_of_the_masks_place() throws IOException {
    ModelFiles files = bert();
    // [CLS] the [MASK] sat on [MASK] . [SEP]
    long[] ids = {2, 9, 4, 16, 35, 4, 64, 3};
    float[][] logits =
        TinyCheckpoint.output(
            folder,
            Map.of("input_ids", ids),
            output -> {
              var scores = output.require("prediction_logits").select(0, 0);
              return new float[][] {
                scores.select(0, 2).toFloatArray(), scores.select(0, 5).toFloatArray()
              };
            });
    try (MaskFiller filler = MaskFiller.open(files, null)) {
      Filled filled = filler.fill("the [MASK] sat on [MASK].", 3);
      assertThat(filled.holes()).hasSize(2);
      for (int hole = 0; hole < 2; hole++) {
        double sum = 0;
        for (float logit : logits[hole]) {
          sum += Math.exp(logit);
        }
        List<Guess> guesses = filled.holes().get(hole).guesses();
        assertThat(guesses).hasSize(3);
        for (Guess guess : guesses) {
          assertThat(guess.probability())
              .isCloseTo(Math.exp(logits[hole][guess.token()]) / sum, within(1e-6));
        }
        int better = 0;
        for (int token = 0; token < 99; token++) {
          better += logits[hole][token] > logits[hole][guesses.getLast().token()] ? 1 : 0;
        }
        assertThat(better).isEqualTo(2);
      }
      assertThat(filled.holes().get(1).start()).isEqualTo(18);
      assertThat(filled.text())
          .isEqualTo(
              "the "
                  + filled.holes().get(0).guesses().getFirst().word()
                  + " sat on "
                  + filled.holes().get(1).guesses().getFirst().word()
                  + ".");
    }
  }

  @Test
  void a_text_without_a_mask_or_too_long_is_refused() throws IOException {
    try (MaskFiller filler = MaskFiller.open(bert(), null)) {
      assertThat(filler.mask()).isEqualTo("[MASK]");
      assertThatThrownBy(() -> filler.fill("the cat", 1)).hasMessageContaining("expected [MASK]");
      assertThatThrownBy(() -> filler.fill("the ".repeat(50) + "[MASK]", 1))
          .hasMessageContaining("at most 40 tokens, got 53");
      Evidence why = filler.explain("the [MASK] sat on [MASK]");
      assertThat(why.parts()).hasSize(2);
    }
  }

  @Test
  void white_space_that_a_mask_takes_stays_in_the_text() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "roberta", "bart", Map.of());
    try (MaskFiller filler = MaskFiller.open(files, null)) {
      Filled filled = filler.fill("the <mask> sat", 1);
      assertThat(filled.holes().getFirst().start()).isEqualTo(4);
      assertThat(filled.text())
          .isEqualTo("the " + filled.holes().getFirst().guesses().getFirst().word() + " sat");
    }
  }

  @Test
  void next_is_the_share_of_the_first_of_two_logits() throws IOException {
    ModelFiles files = bert();
    // [CLS] the cat [SEP] sat [SEP]
    float[] logits =
        TinyCheckpoint.output(
            folder,
            Map.of(
                "input_ids",
                new long[] {2, 9, 11, 3, 16, 3},
                "token_type_ids",
                new long[] {0, 0, 0, 0, 1, 1}),
            output -> output.require("seq_relationship_logits").toFloatArray());
    try (NextSentence next = NextSentence.open(files, null)) {
      double expected = 1 / (1 + Math.exp(logits[1] - logits[0]));
      assertThat(next.follows("the cat", "sat")).isCloseTo(expected, within(1e-6));
      double[] several =
          next.follows(List.of(new TextPair("a b", "c"), new TextPair("the cat", "sat")));
      assertThat(several[1]).isCloseTo(expected, within(1e-6));
      assertThatThrownBy(() -> next.follows(List.of(TextPair.of("alone"))))
          .hasMessageContaining("expected two texts");
    }
  }

  @Test
  void gaps_take_what_the_model_writes_after_their_sentinels() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "t5", "t5", Map.of());
    try (SpanFiller filler = SpanFiller.open(files, null)) {
      SpanFiller.Filled filled = filler.fill("the <extra_id_0> sat on <extra_id_1>.");
      assertThat(filled.spans()).hasSize(2);
      assertThat(filled.text())
          .isEqualTo("the " + filled.spans().get(0) + " sat on " + filled.spans().get(1) + ".");
      assertThatThrownBy(() -> filler.fill("the cat")).hasMessageContaining("<extra_id_0>");
    }
    assertThat(
            SpanFiller.spans(
                new int[] {0, 66, 9, 11, 65, 16, 66, 13},
                Map.of(66, 0, 65, 1),
                ids -> "" + ids.length))
        .containsExactlyInAnyOrderEntriesOf(Map.of(0, "2", 1, "1"));
  }

  @Test
  void a_tokenizer_without_sentinels_or_masks_is_refused() throws IOException {
    ModelFiles bart = TinyCheckpoint.write(folder, "bart", "bart", Map.of());
    assertThatThrownBy(() -> SpanFiller.open(bart, null)).hasMessageContaining("<extra_id_0>");
    ModelFiles unmasked = TinyCheckpoint.write(folder, "bert", "t5", Map.of());
    assertThatThrownBy(() -> MaskFiller.open(unmasked, null)).hasMessageContaining("mask token");
  }
}
