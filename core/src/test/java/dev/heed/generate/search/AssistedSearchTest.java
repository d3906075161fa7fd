package dev.heed.generate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.logits.LogitsProcessor;
import dev.heed.generate.logits.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AssistedSearchTest {
  private static final int VOCABULARY = 6;

  private static final Prompts PROMPT = Prompts.of(List.of(new int[] {1, 3, 1}), 0);

  private static ToyDecoder model() {
    return new ToyDecoder(VOCABULARY, 5, 2, 0);
  }

  private static SearchSettings settings(@Nullable Object... pairs) {
    GenerationConfig config =
        GenerationConfig.DEFAULTS.with("eos_token_id", 5).with("max_new_tokens", 40);
    for (int i = 0; i < pairs.length; i += 2) {
      config = config.with(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return SearchSettings.of(config);
  }

  private static Generated assisted(ToyDecoder model, Drafter drafter, SearchSettings settings) {
    try (Search search = new AssistedSearch(model, drafter, PROMPT, settings)) {
      return search.finish().getFirst().getFirst();
    }
  }

  private static Generated plain(SearchSettings settings) {
    try (Search search = Search.start(model(), PROMPT, settings)) {
      return search.finish().getFirst().getFirst();
    }
  }

  @Test
  void any_draft_leaves_greedy_search_as_it_is() {
    for (Object penalty : new Object[] {1.0, 1.4}) {
      SearchSettings settings = settings("repetition_penalty", penalty, "eos_token_id", null);
      Generated expected = plain(settings);
      for (long seed = 0; seed < 20; seed++) {
        // seed 5 is the model itself
        Drafter drafter =
            new ModelDrafter(
                new ToyDecoder(VOCABULARY, seed, 2, 0), LogitsProcessor.NONE, false, 0);
        ToyDecoder model = model();
        Generated found = assisted(model, drafter, settings);
        assertThat(found.tokens()).isEqualTo(expected.tokens());
        assertThat(found.steps()).hasSameSizeAs(expected.steps());
        if (seed == 5 && penalty.equals(1.0)) {
          assertThat(model.calls()).isLessThan(expected.steps().size() / 3);
        }
      }
      ToyDecoder model = model();
      assertThat(assisted(model, new LookupDrafter(2), settings).tokens())
          .isEqualTo(expected.tokens());
    }
  }

  @Test
  void an_end_within_a_draft_ends_the_sequence() {
    SearchSettings settings = settings();
    Drafter itself = new ModelDrafter(model(), LogitsProcessor.NONE, false, 0);
    Generated found = assisted(model(), itself, settings);
    assertThat(found).isEqualTo(plain(settings));
  }

  @Test
  void sampling_keeps_the_models_distribution() {
    double[] expected = Scores.softmax(model().scores(List.of(1, 3, 1)));
    int draws = 3000;
    double[] counts = new double[VOCABULARY];
    for (int i = 0; i < draws; i++) {
      SearchSettings settings = settings("do_sample", true, "max_new_tokens", 3).withSeed(i);
      Drafter other =
          new ModelDrafter(new ToyDecoder(VOCABULARY, 8, 2, 0), LogitsProcessor.NONE, true, 0);
      counts[assisted(model(), other, settings).continuation()[0]]++;
    }
    for (int t = 0; t < VOCABULARY; t++) {
      double deviation = Math.sqrt(draws * expected[t] * (1 - expected[t]));
      assertThat(counts[t]).isCloseTo(draws * expected[t], within(4 * deviation));
    }
  }

  @Test
  void several_prompts_are_refused() {
    Prompts two = Prompts.of(List.of(new int[] {1}, new int[] {2}), 0);
    ToyDecoder model = new ToyDecoder(VOCABULARY, 5, 2, 0, 0);
    assertThatThrownBy(() -> new AssistedSearch(model, new LookupDrafter(2), two, settings()))
        .hasMessageContaining("expected one prompt without padding, got 2");
  }
}
