package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.evaluate.EntityScore;
import dev.heed.evaluate.TagScheme;
import dev.heed.model.ModelFiles;
import dev.heed.task.EntityFinder;
import dev.heed.task.EntityFinder.Aggregation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the validation split of wikigold (CC BY 4.0), whole. */
@Tag("integration")
class EntitiesTest {
  @Test
  void its_score_holds() throws IOException {
    List<List<String>> words = new ArrayList<>();
    List<List<String>> tags = new ArrayList<>();
    List<String> lines = new ArrayList<>(Samples.lines("wikigold-valid.tsv"));
    lines.add("");
    List<String> word = new ArrayList<>();
    List<String> tag = new ArrayList<>();
    for (String line : lines) {
      if (line.isBlank() && !word.isEmpty()) {
        words.add(List.copyOf(word));
        tags.add(List.copyOf(tag));
        word.clear();
        tag.clear();
      } else if (!line.isBlank()) {
        word.add(line.split("\t")[0]);
        tag.add(line.split("\t")[1]);
      }
    }
    assertThat(words).hasSize(87);
    try (EntityFinder finder = EntityFinder.open(ModelFiles.carried("entities"), null)) {
      List<List<String>> found = words.stream().map(finder::tag).toList();
      assertThat(EntityScore.measure(TagScheme.LENIENT, tags, found).value("f1"))
          .isBetween(0.78, 0.80);
    }
  }

  @Test
  void a_beginners_sentence_is_told_as_the_card_says() {
    String text = "Apple is looking at buying a U.K. startup";
    try (EntityFinder finder = EntityFinder.open(ModelFiles.carried("entities"), null)) {
      assertThat(finder.find(text, Aggregation.HELD))
          .extracting(each -> each.type() + " " + each.text())
          .containsExactly("ORG Apple", "LOC U.K.");
    }
  }
}
