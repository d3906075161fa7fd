package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class StoriesTest {
  @Test
  void the_likeliest_story_is_the_recorded_one() throws IOException {
    String recorded = String.join("\n", Samples.lines("stories-greedy.txt")).strip();
    String beginning = "Once upon a time";
    try (TextGenerator writer = TextGenerator.open(ModelFiles.carried("stories"), null)) {
      String written =
          writer
              .generate(List.of(beginning), SearchSettings.of(writer.config()))
              .getFirst()
              .getFirst()
              .text();
      assertThat(recorded).startsWith(beginning);
      assertThat(beginning + written).hasSizeGreaterThan(recorded.length() - 5);
      assertThat(recorded).startsWith((beginning + written).strip());
    }
  }
}
