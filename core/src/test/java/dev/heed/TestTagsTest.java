package dev.heed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever runs one kind of test runs every test of that kind. */
@Tag("unit")
class TestTagsTest {
  private static final Pattern TEST =
      Pattern.compile(
          "^ *@(Test|ParameterizedTest|TestFactory|RepeatedTest)\\b", Pattern.MULTILINE);
  private static final Pattern TAGGED =
      Pattern.compile("^ *@Tag\\(\"(unit|integration|browser|soak)\"\\)", Pattern.MULTILINE);

  @Test
  void every_test_has_a_tag() throws IOException {
    List<String> untagged = new ArrayList<>();
    int tests = 0;
    for (Path file : ProjectSources.all()) {
      String source = Files.readString(file);
      if (TEST.matcher(source).find()) {
        tests++;
        if (!TAGGED.matcher(source).find()) {
          untagged.add(file.toString());
        }
      }
    }
    assertThat(tests).isGreaterThan(100);
    assertThat(untagged).as("tests without unit, integration, browser or soak").isEmpty();
  }
}
