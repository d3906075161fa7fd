package dev.heed.generate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.logits.SequenceBias;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class GenerationConfigTest {
  @TempDir private Path folder;

  private static GenerationConfig of(String json) {
    return GenerationConfig.of("test", JsonMapper.shared().readTree(json));
  }

  @Test
  void reads_a_published_file() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("generation_config.json"),
            """
            {"_from_model_config": true, "bos_token_id": 0, "decoder_start_token_id": 2,
             "eos_token_id": 2, "forced_bos_token_id": 0, "forced_eos_token_id": 2,
             "pad_token_id": 1, "num_beams": 4, "early_stopping": true, "no_repeat_ngram_size": 3,
             "length_penalty": 2.0, "max_length": 142, "min_length": 56, "top_k": null,
             "transformers_version": "4.33.0"}
            """);
    GenerationConfig config = GenerationConfig.read(file);
    assertThat(config.tokens()).isEqualTo(new SpecialTokens(0, List.of(2), 1, 2));
    assertThat(config.search().earlyStopping()).isEqualTo(EarlyStopping.TRUE);
    assertThat(config.rules().forcedEosTokenId()).containsExactly(2);
    assertThat(config.sampling().topK()).isEqualTo(50);
    assertThat(config.lengths().limit(100)).isEqualTo(142);
    assertThat(config.with("max_new_tokens", 5).lengths().limit(100)).isEqualTo(105);
  }

  @Test
  void values_written_in_several_ways_mean_the_same() {
    assertThat(of("{\"eos_token_id\": 3}").tokens())
        .isEqualTo(of("{\"eos_token_id\": [3]}").tokens());
    assertThat(of("{\"force_words_ids\": [[1, 2], [[3], [4, 5]]]}").search().forceWordsIds())
        .containsExactly(List.of(List.of(1, 2)), List.of(List.of(3), List.of(4, 5)));
    assertThat(of("{\"sequence_bias\": [[[1, 2], -3.5]]}").rules().sequenceBias())
        .containsExactly(new SequenceBias.Entry(List.of(1, 2), -3.5));
    assertThat(of("{\"early_stopping\": \"never\"}").search().earlyStopping())
        .isEqualTo(EarlyStopping.NEVER);
    assertThat(of("{\"exponential_decay_length_penalty\": [5, 1.5]}").rules())
        .extracting(RuleOptions::exponentialDecayLengthPenalty)
        .isEqualTo(new RuleOptions.Decay(5, 1.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"num_beems\": 4}|keys among|\"num_beems\"",
        "{\"watermarking_config\": {\"keys\": [3]}}|keys among [bias, context_width|keys",
        "{\"cache_config\": {\"nbits\": 4}}|nbits: expected 8|4",
        "{\"token_healing\": true}|no token_healing but false|true",
        "{\"cache_implementation\": \"mystery\"}|no cache_implementation but|mystery",
        "{\"num_beams\": \"4\"}|a 32-bit integer|STRING \"4\"",
        "{\"num_beams\": 0}|num_beams: expected at least 1|got 0",
        "{\"num_beams\": 4, \"num_beam_groups\": 3}|a divisor of num_beams, 4|got 3",
        "{\"top_p\": 1.5}|top_p: expected above 0 and at most 1|1.5",
        "{\"early_stopping\": \"soon\"}|one of true, false, never|soon",
        "{\"sequence_bias\": [[[1, 2]]]}|an object|ARRAY",
        "{\"do_sample\": true, \"temperature\": 0.0}|temperature: expected above 0|0.0",
        "[1]|an object|ARRAY",
      })
  void refuses_by_name(String json, String expected, String got) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(expected)
        .hasMessageContaining(got);
  }

  @Test
  void a_value_that_switches_off_what_is_not_offered_is_fine() {
    assertThat(of("{\"token_healing\": false, \"watermarking_config\": null}").search())
        .isEqualTo(SearchOptions.DEFAULTS);
  }

  @Test
  void says_when_a_prompt_fills_the_sequence() {
    assertThatThrownBy(() -> of("{\"max_length\": 7}").lengths().limit(7))
        .hasMessage(
            "max_length: expected more than the prompt's 7 tokens (or set max_new_tokens), got 7");
  }
}
