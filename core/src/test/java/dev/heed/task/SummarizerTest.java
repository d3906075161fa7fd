package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TinyCheckpoint;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.task.Summarizer.Options;
import dev.heed.task.Summarizer.Summary;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Summaries: of texts that fit, and of those that do not. */
@Tag("integration")
class SummarizerTest {
  private static final Options SHORT = new Options(6, null, 1);

  @TempDir Path folder;

  private static String plain(ModelFiles files, String text) {
    try (TextGenerator writer = TextGenerator.open(files, null)) {
      return writer
          .generate(List.of(text), WrittenText.settings(writer.config().with("num_beams", 1), 6))
          .getFirst()
          .getFirst()
          .text()
          .strip();
    }
  }

  @Test
  void a_text_that_fits_is_read_at_once_behind_its_prefix() throws IOException {
    ModelFiles files =
        TinyCheckpoint.write(
            folder,
            "t5",
            "t5",
            Map.of("task_specific_params", "{\"summarization\": {\"prefix\": \"read , \"}}"));
    try (Summarizer summarizer = Summarizer.open(files, null)) {
      String text = "the cat sat on the tree . ".repeat(40);
      Summary summary = summarizer.summarize(text, SHORT);
      assertThat(summary.levels()).isEqualTo(1);
      assertThat(summary.pieces()).isEqualTo(1);
      assertThat(summary.text()).isEqualTo(plain(files, "read , " + text));
    }
  }

  @Test
  void a_longer_text_is_summarised_in_pieces_and_those_again() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "bart", "bart", Map.of());
    try (Summarizer summarizer = Summarizer.open(files, null)) {
      String three = "the cat sat on the tree and the dog saw . ".repeat(3).strip();
      String text = (three + " ").repeat(3).strip();
      Summary summary = summarizer.summarize(text, SHORT);
      String one = plain(files, three);
      assertThat(summary.pieces()).isEqualTo(3);
      assertThat(summary.levels()).isEqualTo(2);
      assertThat(summary.text()).isEqualTo(plain(files, one + " " + one + " " + one));
      assertThat(summarizer.explain(text, SHORT).parts()).hasSize(3);
    }
  }

  @Test
  void several_texts_of_mixed_lengths_get_what_each_gets_alone() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "bart", "bart", Map.of());
    try (Summarizer summarizer = Summarizer.open(files, DType.F64)) {
      String sentence = "the cat sat on the tree and the dog saw . ";
      List<String> texts =
          IntStream.of(9, 1, 4, 2, 7).mapToObj(times -> sentence.repeat(times).strip()).toList();
      for (int beams : new int[] {1, 2}) {
        Options options = new Options(6, null, beams);
        assertThat(summarizer.summarize(texts, options, 2))
            .isEqualTo(texts.stream().map(text -> summarizer.summarize(text, options)).toList());
      }
    }
  }

  @Test
  void the_first_token_of_led_sees_all_of_a_document() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "led", "bart", Map.of());
    String text = "the cat sat on the tree and the dog saw it . the fish ran";
    try (Summarizer summarizer = Summarizer.open(files, null);
        TextGenerator writer = TextGenerator.open(files, null);
        TensorScope scope = TensorScope.open()) {
      ModelInput plain = writer.input(writer.tokens(text));
      writer.seeAllFromFirst();
      ModelInput global = writer.input(writer.tokens(text));
      Tensor mask = global.require("global_attention_mask");
      assertThat(mask.sum().itemLong()).isEqualTo(1);
      assertThat(mask.select(1, 0).itemLong()).isEqualTo(1);
      assertThat(encoded(writer, plain)).isNotEqualTo(encoded(writer, global));
      SearchSettings settings = WrittenText.settings(writer.config().with("num_beams", 1), 6);
      assertThat(summarizer.summarize(text, SHORT).text())
          .isEqualTo(writer.generate(List.of(text), settings).getFirst().getFirst().text().strip());
    }
  }

  /** Searches one by one, by beams and joined in a batch read the same. */
  @Test
  void led_writes_with_what_its_first_token_sees() throws IOException {
    ModelFiles files = TinyCheckpoint.write(folder, "led", "bart", Map.of());
    String text = "the cat sat on the tree and the dog saw it . the fish ran";
    try (TextGenerator plain = TextGenerator.open(files, DType.F64);
        TextGenerator seeing = TextGenerator.open(files, DType.F64)) {
      seeing.seeAllFromFirst();
      for (int beams : new int[] {1, 2}) {
        SearchSettings settings = WrittenText.settings(plain.config().with("num_beams", beams), 6);
        double alone = score(seeing.generate(List.of(text), settings));
        assertThat(alone).isNotEqualTo(score(plain.generate(List.of(text), settings)));
        List<int[]> two = List.of(seeing.tokens(text), seeing.tokens("the fish ran"));
        assertThat(score(seeing.generateTokens(two, settings, 2))).isCloseTo(alone, within(1e-9));
      }
    }
  }

  private static double score(List<List<Completion>> written) {
    return written.getFirst().getFirst().generated().score();
  }

  private static double[] encoded(TextGenerator writer, ModelInput input) {
    return writer
        .model()
        .apply(input.with("decoder_input_ids", Tensor.of(new long[] {2}, 1, 1)))
        .require("encoder_last_hidden_state")
        .to(DType.F64)
        .contiguous()
        .toDoubleArray();
  }

  @Test
  void what_the_task_asks_of_generation_is_honoured_or_refused() throws IOException {
    ModelFiles files =
        TinyCheckpoint.write(
            folder,
            "bart",
            "bart",
            Map.of("task_specific_params", "{\"summarization\": {\"max_length\": 4}}"));
    try (Summarizer summarizer = Summarizer.open(files, null)) {
      int words = summarizer.summarize("the cat sat").text().split(" ").length;
      assertThat(words).isLessThanOrEqualTo(4);
    }
    ModelFiles odd =
        TinyCheckpoint.write(
            folder,
            "bart",
            "bart",
            Map.of("task_specific_params", "{\"summarization\": {\"unheard_of\": 4}}"));
    try (Summarizer summarizer = Summarizer.open(odd, null)) {
      assertThatThrownBy(() -> summarizer.summarize("the cat")).hasMessageContaining("unheard_of");
    }
  }

  @Test
  void chunks_are_sentences_then_words_then_characters() {
    assertThat(TextChunks.of("One two. Three four. Five.", text -> text.length() <= 20))
        .containsExactly("One two. Three four.", "Five.");
    assertThat(TextChunks.of("One two three. Four.", text -> text.length() <= 7))
        .containsExactly("One two", "three.", "Four.");
    assertThat(TextChunks.of("abcdefg h", text -> text.length() <= 3))
        .containsExactly("abc", "def", "g", "h");
    assertThatThrownBy(() -> TextChunks.of("ab", text -> false))
        .hasMessageContaining("room for some of it");
  }
}
