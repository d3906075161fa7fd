package dev.heed.text.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.text.TextException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class RegexDialectTest {
  private static List<String> matches(RegexDialect dialect, String regex, String text) {
    List<String> matches = new ArrayList<>();
    dialect
        .compile("t", regex)
        .segments(
            text,
            (from, to, match) -> {
              if (match) {
                matches.add(text.substring(from, to));
              }
            });
    return matches;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\\p{N}{1,2}+ ; a12345 ; 12345",
        "\\h+ ; xyz12ffq ; 12ff",
        "[[:punct:]]+ ; a+b!? ; +,!?",
        "[[:^alpha:]] ; a1b ; 1",
        "\\p{^L} ; a1b ; 1",
        "\\p{Letter}+ ; ab1 ; ab",
        "a(?i)b|c ; aB,aC,C ; aB,aC",
        "(?<x>a)b ; ab ; ab",
        "(?#comment)a ; a ; a",
        "a{,2} ; aaa ; aa,a",
        "a{b ; a{b ; a{b",
        "\\x{4e2d} ; 中文 ; 中",
        "[^\\W\\d]+ ; ab12 ; ab",
        "\\bb ; ab b ; b",
        "(?:ab)++ ; abab ; abab"
      })
  void oniguruma(String regex, String text, String expected) {
    assertThat(matches(RegexDialect.ONIGURUMA, regex, text)).containsExactly(expected.split(","));
  }

  @Test
  void lines_begin_where_oniguruma_says() {
    assertThat(matches(RegexDialect.ONIGURUMA, "^.", "a\nb")).containsExactly("a", "b");
    assertThat(matches(RegexDialect.ONIGURUMA, "(?m).+", "a\nb")).containsExactly("a\nb");
    assertThat(matches(RegexDialect.RUST, "^.", "a\nb")).containsExactly("a");
    assertThat(matches(RegexDialect.RUST, "(?s).+", "a\nb")).containsExactly("a\nb");
  }

  @Test
  void possessive_counts_are_those_of_the_dialect() {
    assertThat(matches(RegexDialect.ONIGURUMA, "a{1,2}+b", "aaaab")).containsExactly("aaaab");
    assertThat(matches(RegexDialect.RUST, "a{1,2}+b", "aaaab")).containsExactly("aab");
  }

  @Test
  void nothing_begins_within_a_surrogate_pair() {
    assertThat(matches(RegexDialect.ONIGURUMA, "[^\\p{L}]", "\ud840\udc00.")).containsExactly(".");
    assertThat(matches(RegexDialect.ONIGURUMA, "(?<=\\p{L})\\.", "\ud840\udc00."))
        .containsExactly(".");
    assertThat(matches(RegexDialect.ONIGURUMA, "(?<!\\p{L})\\.", "\ud840\udc00.")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "[",
        "\\K",
        "(?~a)",
        "(?(1)a)",
        "\\g<1>",
        "[[:magic:]]",
        "\\p{Magic}",
        "\\p{",
        "(?s:a)",
        "\\x{110000}",
        "\\",
        "[a\\b]",
        "a**?+{"
      })
  void what_java_cannot_say_is_refused(String regex) {
    assertThatThrownBy(() -> RegexDialect.ONIGURUMA.compile("t.json", regex))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("t.json: expected a regular expression that Java can match");
  }

  @Test
  void depth_is_bounded() {
    assertThatThrownBy(() -> RegexDialect.ONIGURUMA.compile("t", "(".repeat(5000)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("groups in each other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*a*a*a*a*a*b", "(.*)(.*)(.*)(.*)(.*)\\1b"})
  @Timeout(10)
  void steps_are_bounded(String regex) {
    assertThatThrownBy(() -> matches(RegexDialect.ONIGURUMA, regex, "a".repeat(500) + "!"))
        .isInstanceOf(TextException.class)
        .hasMessageContaining("expected a regular expression that takes few steps a character");
  }

  @Test
  void nesting_as_deep_as_the_text_is_an_error() {
    assertThatThrownBy(() -> matches(RegexDialect.ONIGURUMA, "((a|b)c?)*d", "ab".repeat(1_000_000)))
        .isInstanceOf(TextException.class);
  }
}
