package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.position.Llama3Scaling;
import dev.heed.attention.position.LongRopeScaling;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.attention.position.YarnScaling;
import dev.heed.checkpoint.CheckpointException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class RotaryConfigTest {
  private static ModelConfig config(String json) {
    return new ModelConfig("config.json", JsonMapper.shared().readTree(json.replace('\'', '"')));
  }

  private static RotaryConfig read(String json) {
    return RotaryConfig.partial(config(json), new RotaryConfig.Usual(500, 0.25), 64);
  }

  @Test
  void what_is_absent_is_as_the_family_has_it() {
    assertThat(read("{}")).isEqualTo(new RotaryConfig(500, RotaryScaling.NONE, 0.25));
    assertThat(read("{'rope_scaling': null, 'rope_theta': 7, 'partial_rotary_factor': 0.5}"))
        .isEqualTo(new RotaryConfig(7, RotaryScaling.NONE, 0.5));
  }

  @Test
  void both_spellings_say_the_same() {
    RotaryConfig wanted = new RotaryConfig(7, new Llama3Scaling(8, 1, 4, 16), 0.5);
    String kind =
        "'factor': 8.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0,"
            + " 'original_max_position_embeddings': 16";
    assertThat(
            read(
                "{'rope_theta': 7, 'partial_rotary_factor': 0.5, 'rope_scaling': {'type': 'llama3',"
                    + kind
                    + "}}"))
        .isEqualTo(wanted);
    assertThat(
            read(
                "{'rope_parameters': {'rope_theta': 7, 'partial_rotary_factor': 0.5,"
                    + " 'rope_type': 'llama3', "
                    + kind
                    + "}}"))
        .isEqualTo(wanted);
  }

  @Test
  void yarn_and_longrope_find_their_factor_and_magnitude() {
    assertThat(
            read("{'rope_scaling': {'rope_type': 'yarn', 'factor': 4,"
                    + " 'original_max_position_embeddings': 16}}")
                .scaling())
        .isEqualTo(new YarnScaling(4, 16, 32, 1, true, 0.1 * Math.log(4) + 1));
    assertThat(
            read("{'rope_scaling': {'rope_type': 'yarn', 'factor': 4, 'mscale': 1.0,"
                    + " 'mscale_all_dim': 1.0, 'beta_fast': 8, 'truncate': false}}")
                .scaling())
        .isEqualTo(new YarnScaling(4, 64, 8, 1, false, 1));
    assertThat(
            read("{'original_max_position_embeddings': 16, 'rope_scaling': {'type': 'longrope',"
                    + " 'short_factor': [1.0], 'long_factor': [2.5]}}")
                .scaling())
        .isEqualTo(
            new LongRopeScaling(
                List.of(1.0), List.of(2.5), 16, Math.sqrt(1 + Math.log(4) / Math.log(16))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'rope_scaling': {'rope_type': 'mrope'}}",
        "{'rope_scaling': {'rope_type': 'default', 'mrope_section': [1, 2]}}",
        "{'rope_scaling': {'rope_type': 'linear'}}",
        "{'rope_scaling': {'rope_type': 'linear', 'factor': 0.5}}",
        "{'rope_scaling': {'rope_type': 'llama3', 'factor': 2}}",
        "{'rope_parameters': {'rope_theta': -1}}",
        "{'partial_rotary_factor': 0.0}",
      })
  void what_cannot_be_computed_is_refused(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("rope_");
  }

  @Test
  void a_family_that_turns_whole_heads_refuses_a_part() {
    assertThatThrownBy(() -> RotaryConfig.of(config("{'partial_rotary_factor': 0.5}"), 10_000, 64))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("partial_rotary_factor");
  }
}
