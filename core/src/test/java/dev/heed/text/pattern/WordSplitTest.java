package dev.heed.text.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.text.RandomTexts;
import dev.heed.text.align.WellFormed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is matched by hand against the regular expression that it stands for. */
@Tag("unit")
class WordSplitTest {
  @ParameterizedTest
  @EnumSource
  void splits_as_its_expression(WordSplit split) {
    TextPattern regex =
        new RegexPattern(
            Pattern.compile(
                new RegexTranslation(RegexDialect.ONIGURUMA, split.regex()).java(),
                Pattern.UNICODE_CHARACTER_CLASS));
    for (int seed = 0; seed < 5000; seed++) {
      String text = WellFormed.of(RandomTexts.text(new Random(seed), 40));
      assertThat(segments(split, text)).as("seed %d", seed).isEqualTo(segments(regex, text));
    }
  }

  @ParameterizedTest
  @EnumSource
  void is_found_by_its_expression(WordSplit split) {
    assertThat(RegexDialect.ONIGURUMA.compile("t", split.regex())).isSameAs(split);
  }

  private static List<String> segments(TextPattern pattern, String text) {
    List<String> segments = new ArrayList<>();
    pattern.segments(
        text, (from, to, match) -> segments.add(match + ":" + text.substring(from, to)));
    return segments;
  }
}
