package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.explain.AttentionMap.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class WordsTest {
  /** As BERT's tokenizer cuts: letters and digits together, every sign and ideograph alone. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\p{IsHan}|[\\p{L}\\p{M}\\p{N}]+?(?=\\p{IsHan}|[^\\p{L}\\p{M}\\p{N}]|$)|[^\\s]");

  private static AttentionMap tokens(String text) {
    List<Unit> units = new ArrayList<>();
    units.add(new Unit("[CLS]", true, false, -1, 0, 0));
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      units.add(
          new Unit(
              token.group().toLowerCase(java.util.Locale.ROOT),
              false,
              false,
              units.size(),
              token.start(),
              token.end()));
    }
    return new AttentionMap(units, new float[][][][] {{new float[units.size()][units.size()]}});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The animal didn't cross.    | The/animal/didn't/cross/.",
        "Don\u2019t, she said.      | Don\u2019t/,/she/said/.",
        "A U.K. start-up cost $3.14  | A/U.K./start-up/cost/$/3.14",
        "10,000 at 9:30, i.e. now    | 10,000/at/9:30/,/i.e./now",
        "O'Brien's Müller-Straße     | O'Brien's/Müller-Straße",
        "AT&T wrote a@b.com          | AT&T/wrote/a@b.com",
        "the end. 'Yes' - or no      | the/end/./'/Yes/'/-/or/no",
        "dogs' e-mails (all)         | dogs/'/e-mails/(/all/)",
        "猫は座る                     | 猫/は/座/る"
      })
  void are_what_people_write(String text, String expected) {
    List<String> words = tokens(text).words(text).texts();
    assertThat(words.subList(1, words.size())).containsExactly(expected.split("/"));
  }

  @Test
  void that_occur_again_are_numbered_and_found_by_their_number() {
    String text = "The cat saw the dog. Then THE cat ran.";
    AttentionMap words = tokens(text).words(text);
    assertThat(words.labels())
        .containsExactly(
            "[CLS]", "The (1)", "cat (1)", "saw", "the (2)", "dog", ". (1)", "Then", "THE (3)",
            "cat (2)", "ran", ". (2)");
    assertThat(FocusChoice.find(words, "the")).hasValue(1);
    assertThat(FocusChoice.find(words, "the:2")).hasValue(4);
    assertThat(FocusChoice.find(words, "the (3)")).hasValue(8);
    assertThat(FocusChoice.find(words, "cat:3")).isEmpty();
    assertThat(FocusChoice.find(words, "cat:99999999999")).isEmpty();
  }
}
