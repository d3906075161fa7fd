package dev.heed.checkpoint;

import static dev.heed.checkpoint.CheckpointException.Kind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class ConfigReaderTest {
  enum Activation {
    GELU,
    GELU_NEW
  }

  record Text(int layers, double eps) {}

  record Config(
      int hiddenSize,
      long limit,
      double layerNormEps,
      float dropout,
      boolean isDecoder,
      String modelType,
      Activation hiddenAct,
      @Nullable Double classifierDropout,
      List<Integer> convDim,
      Map<String, String> id2label,
      Text textConfig) {
    Config {
      if (hiddenSize < 1) {
        throw new IllegalArgumentException("hidden_size: expected at least 1, got " + hiddenSize);
      }
    }

    static Config defaults() {
      return new Config(
          768,
          5,
          1e-12,
          0.1f,
          false,
          "bert",
          Activation.GELU,
          0.5,
          List.of(1),
          Map.of(),
          new Text(12, 1e-5));
    }
  }

  /** What the JSON reader loads when it is first used is no part of what a file costs. */
  @BeforeAll
  static void loads_the_reader() {
    ConfigReader.read("config.json", "{}".getBytes(StandardCharsets.UTF_8), Config.defaults());
  }

  @Test
  void absent_keys_keep_their_defaults_and_foreign_keys_are_left_alone() {
    assertThat(read("{\"architectures\":[\"X\"],\"torch_dtype\":{}}")).isEqualTo(Config.defaults());
  }

  @Test
  void reads_every_kind_of_component() {
    Config config =
        read(
            """
            {"hidden_size": 13, "limit": 5000000000, "layer_norm_eps": 1, "dropout": 0.25, "is_decoder": true,
             "model_type": "x", "hidden_act": "gelu_new", "classifier_dropout": null, "conv_dim": [2, 3],
             "id2label": {"0": "A"}, "text_config": {"layers": 7}}
            """);
    assertThat(config)
        .isEqualTo(
            new Config(
                13,
                5_000_000_000L,
                1,
                0.25f,
                true,
                "x",
                Activation.GELU_NEW,
                null,
                List.of(2, 3),
                Map.of("0", "A"),
                new Text(7, 1e-5)));
  }

  @Test
  void a_byte_order_mark_before_the_json_is_skipped() {
    assertThat(read("\uFEFF{\"hidden_size\": 13}").hiddenSize()).isEqualTo(13);
  }

  @Test
  void infinity_is_a_number_as_python_writes_it() {
    assertThat(read("{\"layer_norm_eps\": Infinity}").layerNormEps())
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  @Timeout(1)
  void is_refused(String name, String json, Kind kind, String message) {
    Hostile.assertRefused(
        json.getBytes(StandardCharsets.ISO_8859_1),
        kind,
        message,
        b -> ConfigReader.read("config.json", b, Config.defaults()));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("empty", "", Kind.MALFORMED, "expected"),
        Arguments.of("cut", "{\"hidden_size\": 7", Kind.MALFORMED, "valid JSON"),
        Arguments.of("a list", "[1]", Kind.VALUE, "config.json: expected an object, got ARRAY"),
        Arguments.of("two values", "{} {}", Kind.MALFORMED, "valid JSON"),
        Arguments.of("a comment", "{/* x */}", Kind.MALFORMED, "valid JSON"),
        Arguments.of("not UTF-8", "{\"\u00ff\": 1}", Kind.MALFORMED, "expected UTF-8"),
        Arguments.of(
            "a key twice",
            "{\"hidden_size\":1,\"hidden_size\":2}",
            Kind.DUPLICATE,
            "each name once"),
        Arguments.of(
            "a string for a number",
            "{\"hidden_size\":\"7\"}",
            Kind.VALUE,
            "config.json, hidden_size: expected a 32-bit integer, got STRING \"7\"."),
        Arguments.of(
            "a fraction for a whole number",
            "{\"hidden_size\":7.0}",
            Kind.VALUE,
            "a 32-bit integer"),
        Arguments.of(
            "too large for an int", "{\"hidden_size\":2147483648}", Kind.VALUE, "a 32-bit integer"),
        Arguments.of(
            "too large for a long",
            "{\"limit\":9223372036854775808}",
            Kind.VALUE,
            "a 64-bit integer"),
        Arguments.of(
            "an exponent bomb", "{\"hidden_size\":1e999999999}", Kind.VALUE, "a 32-bit integer"),
        Arguments.of("null for a number", "{\"hidden_size\":null}", Kind.VALUE, "got NULL"),
        Arguments.of(
            "a number for a truth value", "{\"is_decoder\":1}", Kind.VALUE, "true or false"),
        Arguments.of(
            "an unknown name", "{\"hidden_act\":\"GELU\"}", Kind.VALUE, "one of gelu, gelu_new"),
        Arguments.of("an object for a list", "{\"conv_dim\":{}}", Kind.VALUE, "a list, got OBJECT"),
        Arguments.of("a string in a list", "{\"conv_dim\":[1,\"2\"]}", Kind.VALUE, "conv_dim[1]"),
        Arguments.of("a list for a map", "{\"id2label\":[]}", Kind.VALUE, "an object"),
        Arguments.of(
            "a wrong nested value",
            "{\"text_config\":{\"layers\":true}}",
            Kind.VALUE,
            "text_config, layers"),
        Arguments.of(
            "out of the record's range",
            "{\"hidden_size\":0}",
            Kind.VALUE,
            "hidden_size: expected at least 1, got 0"),
        Arguments.of("deep nesting", "{\"x\":".repeat(5000), Kind.TOO_LARGE, "bounded depth"),
        Arguments.of(
            "a number of many digits",
            "{\"limit\":" + "9".repeat(100_000) + "}",
            Kind.TOO_LARGE,
            "bounded"),
        Arguments.of(
            "a long key", "{\"" + "k".repeat(100_000) + "\":1}", Kind.TOO_LARGE, "bounded"));
  }

  @Test
  void a_missing_file_says_so() {
    assertThatThrownBy(() -> ConfigReader.read(Path.of("no/config.json"), Config.defaults()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected a regular file, got nothing");
  }

  private static Config read(String json) {
    return ConfigReader.read(
        "config.json", json.getBytes(StandardCharsets.UTF_8), Config.defaults());
  }
}
