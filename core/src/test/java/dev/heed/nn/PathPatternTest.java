package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class PathPatternTest {
  private static final String QUERY = "encoder.layer.11.attention.self.query";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          query                             | true
          self.query                        | true
          encoder.layer.11.attention.self.query | true
          *.attention.self.{query,value}    | true
          layer.1?.*                        | false
          layer.{1,11}.attention.*          | true
          layer.1.*                         | false
          ery                               | false
          self,query                        | false
          selfXquery                        | false
          {key,value}                       | false
          *                                 | true
          """)
  void a_pattern_fits_a_path_or_its_end(String pattern, boolean fits) {
    assertThat(PathPattern.of(pattern).matches(QUERY)).isEqualTo(fits);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "self.{query,value"})
  void what_is_no_pattern_is_refused(String text) {
    assertThatThrownBy(() -> PathPattern.of(text))
        .hasMessage(
            "path pattern: expected a path such as *.attention.self.{query,value}, got \""
                + text
                + "\"; close each brace");
  }

  @Test
  void only_stars_and_braces_are_not_plain() {
    assertThat(PathPattern.of("self.query").isPlain()).isTrue();
    assertThat(PathPattern.of("*.query").isPlain()).isFalse();
    assertThat(PathPattern.of("{query,key}").isPlain()).isFalse();
  }
}
