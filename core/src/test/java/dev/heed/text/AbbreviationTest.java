package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where abbreviations end, told by hand. */
@Tag("unit")
class AbbreviationTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "the U.K. left     | 7",
        "in the U.S.       | 10",
        "a Ph.D. at 5 p.m. | 6 16",
        "Α.Ε.              | 3",
        "The end. Then     | ''",
        "U.K left.         | ''",
        "version 1.2.      | ''",
        "heed.dev.         | ''",
        "wait...           | ''",
        ".a.               | ''"
      })
  void ends_behind_a_letter_a_full_stop_and_a_letter(String text, String expected) {
    String places =
        IntStream.range(-1, text.length() + 1)
            .filter(at -> Abbreviation.endsAt(text, at))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "));
    assertThat(places).isEqualTo(expected);
  }
}
