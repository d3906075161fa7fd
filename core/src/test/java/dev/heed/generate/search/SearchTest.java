package dev.heed.generate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.generate.config.Convention;
import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.Guidance;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.logits.Suppress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches over a toy model whose sequences can all be tried. */
@Tag("unit")
class SearchTest {
  private static final int VOCABULARY = 5;
  private static final int END = 4;

  private static GenerationConfig config(@Nullable Object... pairs) {
    GenerationConfig config = GenerationConfig.DEFAULTS.with("eos_token_id", END);
    for (int i = 0; i < pairs.length; i += 2) {
      config = config.with(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return config;
  }

  private static ToyDecoder toy(int... padding) {
    return new ToyDecoder(VOCABULARY, 11, 9, padding);
  }

  private static List<List<Generated>> run(SearchSettings settings, int[]... prompts) {
    Prompts all = Prompts.of(List.of(prompts), 0);
    ToyDecoder decoder = toy(all.padding());
    try (Search search = Search.start(decoder, all, settings)) {
      return search.finish();
    } finally {
      assertThat(decoder.closed()).isTrue();
    }
  }

  /** All sequences that go on from a prompt, with the sums of their log-probabilities. */
  private static void all(List<Integer> sequence, double sum, int left, List<Generated> into) {
    double[] scores = toy(0).scores(sequence);
    Scores.logSoftmax(scores);
    for (int token = 0; token < VOCABULARY; token++) {
      List<Integer> longer = new ArrayList<>(sequence);
      longer.add(token);
      if (token == END || left == 1) {
        int[] ids = longer.stream().mapToInt(i -> i).toArray();
        into.add(
            new Generated(
                dev.heed.generate.logits.Tokens.of(ids),
                sequence.size() + left,
                sum + scores[token],
                List.of(),
                token == END ? Finish.END_TOKEN : Finish.LENGTH));
      } else {
        all(longer, sum + scores[token], left - 1, into);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Convention.class)
  void wide_beams_find_the_best_of_all_sequences(Convention convention) {
    int[] prompt = {1, 2, 3};
    List<Generated> every = new ArrayList<>();
    all(List.of(1, 2, 3), 0, 4, every);
    for (double penalty : new double[] {0, 1}) {
      SearchSettings settings =
          SearchSettings.of(
                  config(
                      "max_new_tokens", 4,
                      "num_beams", 300,
                      "num_return_sequences", 3,
                      "length_penalty", penalty))
              .withConvention(convention);
      boolean whole = convention == Convention.WHOLE_LENGTH_WITHOUT_END;
      List<double[]> expected =
          every.stream()
              .map(g -> {
                int length = g.tokens().size() - (whole ? 0 : prompt.length);
                int end = whole && g.finish() == Finish.END_TOKEN ? 1 : 0;
                return new double[] {g.score() / Math.pow(length - end, penalty)};
              })
              .sorted((a, b) -> Double.compare(b[0], a[0]))
              .limit(3)
              .toList();
      List<Generated> found = run(settings, prompt).getFirst();
      for (int i = 0; i < 3; i++) {
        assertThat(found.get(i).score()).isCloseTo(expected.get(i)[0], within(1e-12));
        double sum =
            found.get(i).steps().stream().mapToDouble(Generated.Step::logProbability).sum();
        int end = whole && found.get(i).finish() == Finish.END_TOKEN ? 1 : 0;
        int length = found.get(i).tokens().size() - end - (whole ? 0 : prompt.length);
        assertThat(sum / Math.pow(length, penalty)).isCloseTo(found.get(i).score(), within(1e-12));
      }
    }
  }

  @Test
  void greedy_takes_the_best_token_each_time() {
    Generated found =
        run(SearchSettings.of(config("max_new_tokens", 9)), new int[] {2}).getFirst().getFirst();
    List<Integer> sequence = new ArrayList<>(List.of(2));
    for (int token : found.continuation()) {
      assertThat(token).isEqualTo(Scores.best(toy(0).scores(sequence)));
      sequence.add(token);
    }
    boolean ended = sequence.getLast() == END;
    assertThat(found.finish()).isEqualTo(ended ? Finish.END_TOKEN : Finish.LENGTH);
    assertThat(ended || found.continuation().length == 9).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void a_batch_gives_what_each_prompt_gives_alone(int beams) {
    int[][] prompts = {{1}, {3, 2, 1, 0, 2}, {2, 2}, {0, 1, 3}};
    SearchSettings settings =
        SearchSettings.of(
            config(
                "max_new_tokens",
                8,
                "num_beams",
                beams,
                "repetition_penalty",
                1.3,
                "no_repeat_ngram_size",
                3));
    List<List<Generated>> together = run(settings, prompts);
    for (int i = 0; i < prompts.length; i++) {
      assertThat(together.get(i).getFirst().tokens())
          .isEqualTo(run(settings, prompts[i]).getFirst().getFirst().tokens());
    }
  }

  @Test
  void max_length_counts_each_prompt_by_itself() {
    SearchSettings settings = SearchSettings.of(config("max_length", 7, "eos_token_id", null));
    for (List<Generated> found : run(settings, new int[] {1}, new int[] {1, 2, 3})) {
      assertThat(found.getFirst().tokens().size()).isEqualTo(7);
    }
    SearchSettings beams = settings.withConfig(settings.config().with("num_beams", 2));
    for (List<Generated> found : run(beams, new int[] {1}, new int[] {1, 2, 3})) {
      assertThat(found.getFirst().tokens().size()).isEqualTo(7);
    }
  }

  @Test
  void the_same_seed_draws_the_same() {
    SearchSettings settings =
        SearchSettings.of(
            config("max_new_tokens", 12, "do_sample", true, "num_return_sequences", 4));
    List<Generated> first = run(settings, new int[] {1}).getFirst();
    assertThat(run(settings, new int[] {1}).getFirst()).isEqualTo(first);
    assertThat(run(settings.withSeed(1), new int[] {1}).getFirst()).isNotEqualTo(first);
    assertThat(first.stream().map(Generated::tokens).distinct()).hasSizeGreaterThan(1);
  }

  @Test
  void drawn_tokens_are_as_frequent_as_they_are_likely() {
    double[] expected = Scores.softmax(toy(0).scores(List.of(3)));
    double[] counts = new double[VOCABULARY];
    int draws = 4000;
    SearchSettings settings =
        SearchSettings.of(
            config("max_new_tokens", 1, "do_sample", true, "num_return_sequences", draws));
    run(settings, new int[] {3}).getFirst().forEach(g -> counts[g.tokens().last()]++);
    for (int i = 0; i < VOCABULARY; i++) {
      double deviation = Math.sqrt(draws * expected[i] * (1 - expected[i]));
      assertThat(counts[i]).isCloseTo(draws * expected[i], within(4 * deviation));
    }
  }

  @Test
  void beams_may_be_drawn() {
    SearchSettings settings =
        SearchSettings.of(
            config(
                "max_new_tokens", 6, "do_sample", true, "num_beams", 3, "num_return_sequences", 3));
    List<Generated> found = run(settings, new int[] {1}).getFirst();
    assertThat(found).hasSize(3).isEqualTo(run(settings, new int[] {1}).getFirst());
    assertThat(found.get(0).score()).isGreaterThanOrEqualTo(found.get(1).score());
  }

  @Test
  void a_search_that_is_stopped_hands_back_what_there_is() {
    for (GenerationConfig config : List.of(config(), config("num_beams", 3))) {
      SearchSettings settings =
          SearchSettings.of(config.with("max_new_tokens", 50).with("eos_token_id", null));
      try (Search search = Search.start(toy(0), Prompts.of(List.of(new int[] {1}), 0), settings)) {
        assertThat(search.step()).isTrue();
        assertThat(search.step()).isTrue();
        Generated found = search.results().getFirst().getFirst();
        assertThat(found.finish()).isEqualTo(Finish.UNFINISHED);
        assertThat(found.continuation()).hasSize(2);
      }
    }
  }

  @Test
  void a_criterion_ends_a_sequence() {
    SearchSettings settings =
        SearchSettings.of(config("max_new_tokens", 30, "eos_token_id", null))
            .withStops(List.of((sequence, prompt) -> sequence.size() - prompt == 3));
    Generated found = run(settings, new int[] {1, 2}).getFirst().getFirst();
    assertThat(found.continuation()).hasSize(3);
    assertThat(found.finish()).isEqualTo(Finish.STOPPED);
    SearchSettings beams = settings.withConfig(settings.config().with("num_beams", 2));
    assertThat(run(beams, new int[] {1, 2}).getFirst().getFirst().continuation()).hasSize(3);
  }

  @Test
  void forced_words_occur() {
    SearchSettings settings =
        SearchSettings.of(
            config(
                "max_new_tokens",
                8,
                "num_beams",
                4,
                "force_words_ids",
                List.of(List.of(3, 0), List.of(2))));
    for (int start = 0; start < END; start++) {
      String text = run(settings, new int[] {start}).getFirst().getFirst().tokens().toString();
      assertThat(text).contains("3, 0").contains("2");
    }
  }

  @Test
  void groups_differ_and_contrast_avoids_repetition() {
    SearchSettings settings =
        SearchSettings.of(
            config(
                "max_new_tokens",
                5,
                "num_beams",
                4,
                "num_beam_groups",
                4,
                "diversity_penalty",
                100.0,
                "num_return_sequences",
                4));
    List<Generated> found = run(settings, new int[] {1}).getFirst();
    assertThat(found.stream().map(g -> g.continuation()[0]).distinct()).hasSize(4);
    SearchSettings contrastive =
        SearchSettings.of(config("max_new_tokens", 6, "penalty_alpha", 0.6, "top_k", 3));
    assertThat(run(contrastive, new int[] {1}, new int[] {2, 3}).get(1))
        .extracting(Generated::tokens)
        .containsExactly(run(contrastive, new int[] {2, 3}).getFirst().getFirst().tokens());
  }

  @Test
  void guidance_of_one_and_the_same_prompt_changes_nothing() {
    SearchSettings settings = SearchSettings.of(config("max_new_tokens", 8));
    Prompts prompts = Prompts.of(List.of(new int[] {1, 2}), 0);
    for (double scale : new double[] {1, 3}) {
      Decoder guided = new GuidedDecoder(toy(0), toy(0), prompts, new Guidance(scale));
      try (Search search = Search.start(guided, prompts, settings)) {
        assertThat(search.finish().getFirst().getFirst().tokens())
            .isEqualTo(run(settings, new int[] {1, 2}).getFirst().getFirst().tokens());
      }
    }
  }

  @Test
  void scores_that_leave_nothing_are_refused() {
    SearchSettings none =
        SearchSettings.of(config()).withOwn(List.of(new Suppress(List.of(0, 1, 2, 3, 4))));
    LogitsProcessor broken = (prefix, scores) -> scores[3] = Double.NaN;
    for (String beams : List.of("1", "3")) {
      GenerationConfig config = config("num_beams", Integer.parseInt(beams));
      assertThatThrownBy(() -> run(none.withConfig(config), new int[] {1}))
          .isInstanceOf(InvalidScoresException.class)
          .hasMessageContaining("expected a token that may follow, got none");
      SearchSettings nan = SearchSettings.of(config).withOwn(List.of(broken));
      assertThatThrownBy(() -> run(nan, new int[] {1}))
          .isInstanceOf(InvalidScoresException.class)
          .hasMessageContaining("got NaN");
    }
  }

  @Test
  void options_that_exclude_each_other_are_refused() {
    Object[][] wrong = {
      {"num_return_sequences", 2},
      {"force_words_ids", List.of(List.of(1))},
      {"penalty_alpha", 0.5, "num_beams", 2},
      {"num_beams", 2, "num_beam_groups", 2},
      {"diversity_penalty", 0.5},
    };
    for (Object[] pairs : wrong) {
      assertThatThrownBy(() -> run(SearchSettings.of(config(pairs)), new int[] {1}))
          .as(Arrays.toString(pairs))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected");
    }
  }
}
