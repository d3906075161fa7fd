package dev.heed.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.generate.search.ContinuousBatch;
import dev.heed.generate.search.Finish;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text in, text out, by a tiny GPT-2 whose words are w0, w1, … */
@Tag("integration")
class TextGeneratorTest {
  private static final List<String> PROMPTS = List.of("w5 w17 w80", "w9", "w33 w2", "w7 w7 w7 w8");

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    TinyWriter.write(folder);
  }

  private static SearchSettings settings(TextGenerator writer, Object... pairs) {
    SearchSettings settings = writer.settings();
    for (int i = 0; i < pairs.length; i += 2) {
      settings =
          settings.withConfig(settings.config().with(String.valueOf(pairs[i]), pairs[i + 1]));
    }
    return settings;
  }

  @Test
  void a_stream_gives_the_text_of_a_whole_generation() {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      for (Object[] options :
          List.of(
              new Object[] {"max_new_tokens", 9},
              new Object[] {"max_new_tokens", 9, "num_beams", 3},
              new Object[] {"max_new_tokens", 9, "do_sample", true, "temperature", 2})) {
        SearchSettings settings = settings(writer, options);
        Completion whole = writer.generate(List.of("w5 w17"), settings).getFirst().getFirst();
        List<String> pieces = new ArrayList<>();
        try (TextStream stream = writer.stream("w5 w17", settings)) {
          stream.forEachRemaining(pieces::add);
          assertThat(stream.completion()).isEqualTo(whole);
        }
        assertThat(String.join("", pieces)).isEqualTo(whole.text());
        assertThat(whole.text().split(" ")).hasSize(10);
      }
    }
  }

  @Test
  void several_prompts_at_once_give_what_each_gives_alone() {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      for (int beams : new int[] {1, 3}) {
        SearchSettings settings = settings(writer, "max_new_tokens", 8, "num_beams", beams);
        List<String> together =
            writer.generate(PROMPTS, settings).stream().map(r -> r.getFirst().text()).toList();
        List<String> alone =
            PROMPTS.stream()
                .map(p -> writer.generate(List.of(p), settings).getFirst().getFirst().text())
                .toList();
        assertThat(together).isEqualTo(alone);
      }
    }
  }

  @Test
  void a_stop_string_ends_the_text_and_is_no_part_of_it() {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      SearchSettings plain = settings(writer, "max_new_tokens", 12);
      String text = writer.generate(List.of("w9"), plain).getFirst().getFirst().text();
      String stop = text.substring(text.length() / 2, text.length() / 2 + 5);
      SearchSettings stopped = settings(writer, "max_new_tokens", 12, "stop_strings", stop);
      try (TextStream stream = writer.stream("w9", stopped)) {
        Completion completion = stream.finish();
        assertThat(completion.text()).isEqualTo(text.substring(0, text.indexOf(stop)));
        assertThat(completion.generated().finish()).isEqualTo(Finish.STOPPED);
        assertThat(writer.generate(List.of("w9"), stopped).getFirst().getFirst())
            .isEqualTo(completion);
      }
    }
  }

  @Test
  void a_stream_may_be_closed_at_any_token() {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      SearchSettings settings = settings(writer, "max_new_tokens", 20);
      TextStream stream = writer.stream("w5", settings);
      String first = stream.next();
      stream.close();
      assertThat(stream.hasNext()).isFalse();
      assertThat(stream.completion().text()).isEqualTo(first);
      assertThat(stream.completion().generated().finish()).isEqualTo(Finish.UNFINISHED);
    }
  }

  @Test
  void a_token_that_the_tokenizer_does_not_know_is_not_written() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    String words = Files.readString(file);
    Files.writeString(file, words.replaceAll(", \"w([2-9]\\d|1\\d\\d)\": \\d+", ""));
    try (TextGenerator writer = TextGenerator.open(folder)) {
      assertThat(writer.tokenizer().vocabularySize()).isEqualTo(20); // the others are padding
      SearchSettings settings =
          settings(writer, "max_new_tokens", 30, "do_sample", true, "temperature", 20, "top_k", 0);
      for (int seed = 0; seed < 4; seed++) {
        Completion text =
            writer.generate(List.of("w5"), settings.withSeed(seed)).getFirst().getFirst();
        assertThat(text.generated().steps()).hasSize(30).allMatch(step -> step.token() < 20);
      }
    }
  }

  @Test
  void a_publisher_writes_no_faster_than_it_is_asked() throws Exception {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      SearchSettings settings = settings(writer, "max_new_tokens", 6);
      String text = writer.generate(List.of("w5"), settings).getFirst().getFirst().text();
      List<String> pieces = new ArrayList<>();
      CompletableFuture<String> done = new CompletableFuture<>();
      writer
          .publisher("w5", settings)
          .subscribe(
              new Flow.Subscriber<>() {
                private Flow.Subscription subscription =
                    new Flow.Subscription() {
                      @Override
                      public void request(long count) {}

                      @Override
                      public void cancel() {}
                    };

                @Override
                public void onSubscribe(Flow.Subscription given) {
                  subscription = given;
                  given.request(1);
                }

                @Override
                public void onNext(String piece) {
                  pieces.add(piece);
                  subscription.request(1);
                }

                @Override
                public void onError(Throwable error) {
                  done.completeExceptionally(error);
                }

                @Override
                public void onComplete() {
                  done.complete(String.join("", pieces));
                }
              });
      assertThat(done.get(60, TimeUnit.SECONDS)).isEqualTo(text);
      assertThat(pieces).hasSizeGreaterThan(1);
    }
  }

  @Test
  void a_seed_gives_the_same_text_again_and_another_another() {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      SearchSettings settings =
          settings(writer, "max_new_tokens", 12, "do_sample", true, "temperature", 3);
      List<String> texts = new ArrayList<>();
      for (long seed : new long[] {1, 1, 2}) {
        try (TextStream stream = writer.stream("w5", settings.withSeed(seed))) {
          texts.add(stream.finish().text());
        }
      }
      assertThat(texts.get(1)).isEqualTo(texts.get(0));
      assertThat(texts.get(2)).isNotEqualTo(texts.get(0));
    }
  }

  @Test
  void an_assistant_changes_no_token() {
    try (TextGenerator writer = TextGenerator.open(folder);
        TextGenerator assisted = TextGenerator.open(folder)) {
      assisted.assist(Model.load(folder));
      SearchSettings settings = settings(writer, "max_new_tokens", 15);
      assertThat(assisted.generate(List.of("w5 w6"), settings).getFirst().getFirst().text())
          .isEqualTo(writer.generate(List.of("w5 w6"), settings).getFirst().getFirst().text());
      SearchSettings lookup = settings(writer, "max_new_tokens", 15, "prompt_lookup_num_tokens", 3);
      assertThat(writer.generate(List.of("w5 w6"), lookup).getFirst().getFirst().text())
          .isEqualTo(writer.generate(List.of("w5 w6"), settings).getFirst().getFirst().text());
    }
  }

  @Test
  void a_text_ends_where_the_model_has_no_more_positions() {
    try (TextGenerator writer = TextGenerator.open(folder)) {
      Completion completion =
          writer
              .generate(List.of("w5 w6"), settings(writer, "max_new_tokens", 100_000))
              .getFirst()
              .getFirst();
      assertThat(completion.generated().finish()).isIn(Finish.LENGTH, Finish.END_TOKEN);
      String endless = "w1 ".repeat(5000);
      assertThatThrownBy(() -> writer.stream(endless, settings(writer, "max_new_tokens", 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("5000");
      assertThatThrownBy(() -> writer.stream("", settings(writer, "max_new_tokens", 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a token or more");
    }
  }

  @Test
  void what_prompts_have_in_common_is_computed_once_and_changes_no_text() {
    try (TextGenerator writer = TextGenerator.open(folder);
        TextGenerator knowing = TextGenerator.open(folder)) {
      knowing.remember(2);
      SearchSettings settings = settings(writer, "max_new_tokens", 6);
      for (String prompt :
          List.of("w5 w6 w7", "w5 w6 w7", "w5 w6 w9 w1", "w80 w6", "w5", "w5 w6 w9 w1 w2")) {
        assertThat(knowing.generate(List.of(prompt), settings).getFirst().getFirst().text())
            .isEqualTo(writer.generate(List.of(prompt), settings).getFirst().getFirst().text());
      }
      assertThat(knowing.reusedTokens()).isGreaterThanOrEqualTo(2 + 2);
      assertThat(writer.reusedTokens()).isZero();
    }
  }

  @Test
  void a_batch_gives_each_text_as_alone() {
    try (TextGenerator writer = TextGenerator.open(folder);
        ContinuousBatch batch = writer.batch(2)) {
      SearchSettings settings = settings(writer, "max_new_tokens", 8, "stop_strings", " w7");
      List<CompletableFuture<Completion>> results =
          PROMPTS.stream().map(prompt -> writer.submit(batch, prompt, settings)).toList();
      while (batch.step()) {}
      for (int i = 0; i < PROMPTS.size(); i++) {
        assertThat(results.get(i).join().text())
            .isEqualTo(
                writer.generate(List.of(PROMPTS.get(i)), settings).getFirst().getFirst().text());
      }
    }
  }
}
