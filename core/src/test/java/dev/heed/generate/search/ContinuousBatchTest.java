package dev.heed.generate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ContinuousBatchTest {
  private static final int VOCABULARY = 12;
  private static final int END = 3;

  private static ToyDecoder begin(Prompts prompts) {
    return new ToyDecoder(VOCABULARY, 9, 5, prompts.padding());
  }

  private static SearchSettings settings(int number) {
    return SearchSettings.of(
            GenerationConfig.DEFAULTS
                .with("eos_token_id", END)
                .with("max_new_tokens", 1 + number % 17)
                .with("do_sample", number % 2 == 1)
                .with("repetition_penalty", number % 3 == 0 ? 1.2 : 1.0))
        .withSeed(number);
  }

  private static int[] prompt(int number) {
    Random random = new Random(number);
    return random.ints(1 + random.nextInt(9), 0, VOCABULARY).toArray();
  }

  private static Generated alone(int number) {
    Prompts prompts = new Prompts(new int[][] {prompt(number)}, new int[1]);
    try (Search search = Search.start(begin(prompts), prompts, settings(number))) {
      return search.finish().getFirst().getFirst();
    }
  }

  @Test
  void a_thousand_requests_get_what_each_gets_alone() {
    List<CompletableFuture<Generated>> results = new ArrayList<>();
    List<List<Integer>> heard = new ArrayList<>();
    try (ContinuousBatch batch = new ContinuousBatch(ContinuousBatchTest::begin, 7)) {
      Random arrival = new Random(1);
      while (results.size() < 1000) {
        for (int i = arrival.nextInt(4); i > 0 && results.size() < 1000; i--) {
          List<Integer> tokens = new ArrayList<>();
          int number = results.size();
          heard.add(tokens);
          results.add(batch.submit(prompt(number), settings(number), tokens::add));
        }
        batch.step();
      }
      while (batch.step()) {}
    }
    for (int number = 0; number < 1000; number++) {
      Generated found = results.get(number).join();
      assertThat(found).isEqualTo(alone(number));
      assertThat(heard.get(number)).hasSize(found.steps().size());
    }
  }

  @Test
  void who_is_cancelled_or_fails_leaves_the_others_as_they_are() {
    try (ContinuousBatch batch = new ContinuousBatch(ContinuousBatchTest::begin, 10)) {
      CompletableFuture<Generated> before = batch.submit(prompt(16), settings(16), token -> {});
      CompletableFuture<Generated> cancelled = batch.submit(prompt(2), settings(16), token -> {});
      SearchSettings failing =
          settings(16)
              .withOwn(
                  List.of((prefix, scores) -> {
                    if (prefix.generated() > 2) {
                      java.util.Arrays.fill(scores, Scores.REMOVED);
                    }
                  }));
      CompletableFuture<Generated> failed = batch.submit(prompt(5), failing, token -> {});
      batch.step();
      cancelled.cancel(false);
      while (batch.step()) {}
      assertThat(before.join()).isEqualTo(alone(16));
      assertThat(failed).isCompletedExceptionally();
      assertThat(cancelled).isCancelled();
    }
  }

  @Test
  void who_cannot_begin_fails_alone() {
    try (ContinuousBatch batch = new ContinuousBatch(ContinuousBatchTest::begin, 10)) {
      CompletableFuture<Generated> before = batch.submit(prompt(16), settings(16), token -> {});
      batch.step();
      CompletableFuture<Generated> failing =
          batch.submit(
              prompt(2),
              settings(16),
              token -> {},
              prompts -> {
                throw new IllegalArgumentException("too long to be read");
              });
      CompletableFuture<Generated> own =
          batch.submit(prompt(5), settings(5), token -> {}, ContinuousBatchTest::begin);
      while (batch.step()) {}
      assertThat(before.join()).isEqualTo(alone(16));
      assertThat(own.join()).isEqualTo(alone(5));
      assertThatThrownBy(() -> ContinuousBatch.result(failing))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("too long to be read");
    }
  }

  @Test
  void closing_cancels_what_is_left_and_other_searches_are_refused() {
    ContinuousBatch batch = new ContinuousBatch(ContinuousBatchTest::begin, 1);
    CompletableFuture<Generated> first = batch.submit(prompt(16), settings(16), token -> {});
    CompletableFuture<Generated> second = batch.submit(prompt(16), settings(16), token -> {});
    batch.step();
    batch.close();
    assertThat(first).isCancelled();
    assertThat(second).isCancelled();
    SearchSettings beams = SearchSettings.of(settings(1).config().with("num_beams", 2));
    assertThatThrownBy(() -> batch.submit(prompt(1), beams, token -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beams");
  }
}
