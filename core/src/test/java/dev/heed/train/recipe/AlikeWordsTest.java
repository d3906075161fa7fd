package dev.heed.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class AlikeWordsTest {
  private static final List<String> CLASSES = List.of("garden", "hall");
  private static final List<String> PEOPLE = List.of("Ada", "Eve", "Tom");
  private static final Tokenizer TOKENIZER =
      Tokenizer.of(
          "tokenizer.json",
          """
          {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
           "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
           "post_processor": null, "decoder": null,
           "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {"[UNK]": 0, "ada": 1,
            "eve": 2, "tom": 3, "garden": 4, "hall": 5, "in": 6, "?": 7}}}
          """
              .getBytes(StandardCharsets.UTF_8));

  /** Ada in garden, Eve in hall, Ada? garden. */
  private static final Example STORY =
      new Example(new long[] {1, 6, 4, 2, 6, 5, 1, 7}, new long[8], new long[] {0});

  private static AlikeWords alike(List<List<String>> groups) {
    return new AlikeWords(groups, CLASSES, TOKENIZER);
  }

  @Test
  void words_and_the_class_change_together() {
    AlikeWords alike = alike(List.of(PEOPLE, CLASSES));
    SplittableRandom random = new SplittableRandom(1);
    Set<List<Long>> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Example changed = alike.apply(STORY, random);
      long[] ids = changed.ids();
      assertThat(ids[0]).isEqualTo(ids[6]).isBetween(1L, 3L).isNotEqualTo(ids[3]);
      assertThat(ids[2]).isBetween(4L, 5L).isEqualTo(4 + changed.labels()[0]).isNotEqualTo(ids[5]);
      assertThat(ids[3]).isBetween(1L, 3L);
      assertThat(List.of(ids[1], ids[4], ids[7])).containsExactly(6L, 6L, 7L);
      seen.add(List.of(ids[0], ids[3], ids[2]));
    }
    assertThat(seen).hasSize(12);
    assertThat(STORY.ids()).startsWith(1, 6, 4);
  }

  @Test
  void words_that_are_no_classes_leave_the_class() {
    AlikeWords alike = alike(List.of(PEOPLE));
    for (int seed = 0; seed < 20; seed++) {
      assertThat(alike.apply(STORY, new SplittableRandom(seed)).labels()).containsExactly(0);
    }
    assertThat(alike(List.of()).isEmpty()).isTrue();
    assertThat(alike.isEmpty()).isFalse();
  }

  @Test
  void groups_that_cannot_change_places_are_refused() {
    assertThatThrownBy(() -> alike(List.of(List.of("Ada", "in hall"))))
        .hasMessage("alike: expected words of one token each, got in hall");
    assertThatThrownBy(() -> alike(List.of(PEOPLE, List.of("in", "Eve"))))
        .hasMessage("alike: expected each token once, got Eve");
    assertThatThrownBy(() -> alike(List.of(List.of("hall", "in"))))
        .hasMessage("alike: expected groups of classes or of none, got [hall, in]");
  }
}
