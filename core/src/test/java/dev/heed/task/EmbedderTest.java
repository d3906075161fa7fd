package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.model.ModelFiles;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class EmbedderTest {
  private static final List<String> TEXTS =
      List.of(
          "A man is playing a guitar.",
          "",
          "Someone plays an instrument, and a crowd of people listens to him in the old town.",
          "The stock market fell sharply today.",
          "A man plays the guitar.");

  @Test
  void batches_of_any_length_equal_single_texts() {
    try (Embedder embedder = Embedder.open()) {
      List<Integer> progress = new ArrayList<>();
      List<float[]> together = embedder.embed(TEXTS, progress::add);
      assertThat(progress.getLast()).isEqualTo(TEXTS.size());
      for (int i = 0; i < TEXTS.size(); i++) {
        float[] alone = embedder.embed(TEXTS.get(i));
        assertThat(alone).hasSize(384).hasSize(embedder.size());
        assertThat(Embedder.similarity(alone, alone)).isCloseTo(1, within(1e-5));
        assertThat(together.get(i)).containsExactly(alone, within(1e-5f));
      }
      double alike = Embedder.similarity(together.get(0), together.get(4));
      double unlike = Embedder.similarity(together.get(0), together.get(3));
      assertThat(alike).isGreaterThan(0.9);
      assertThat(unlike).isLessThan(0.2);
    }
  }

  @Test
  void half_precision_points_the_same_way() {
    try (Embedder exact = Embedder.open();
        Embedder half = Embedder.open(ModelFiles.embedded(), DType.BF16)) {
      for (String text : TEXTS) {
        assertThat(Embedder.similarity(exact.embed(text), half.embed(text))).isGreaterThan(0.999);
      }
    }
  }

  @Test
  void long_texts_are_cut_where_the_encoder_was_trained() {
    try (Embedder embedder = Embedder.open()) {
      assertThat(embedder.tokens("word ".repeat(5000))).hasSize(256);
      assertThat(embedder.embed(List.of())).isEmpty();
    }
  }

  @Test
  void buckets_hold_every_text_once_and_no_more_tokens_than_fit_the_cache() {
    int[] lengths = {5, 100, 7, 99, 5, 2, 1000, 3000, 1100};
    List<int[]> buckets = LengthBuckets.of(lengths, 1);
    assertThat(buckets.stream().flatMapToInt(Arrays::stream).toArray())
        .containsExactly(7, 8, 6, 1, 3, 2, 0, 4, 5);
    for (int[] bucket : buckets) {
      int tokens = Arrays.stream(bucket).map(i -> lengths[i]).sum();
      assertThat(bucket.length == 1 || tokens <= 2048).isTrue();
    }
    assertThat(LengthBuckets.of(new int[0], 1)).isEmpty();
    assertThat(LengthBuckets.of(new int[] {0}, 1)).hasSize(1);
  }

  @Test
  void buckets_are_enough_for_every_thread() {
    int[] lengths = new int[100];
    Arrays.fill(lengths, 20);
    assertThat(LengthBuckets.of(lengths, 1)).hasSize(1);
    assertThat(LengthBuckets.of(lengths, 2)).hasSize(4);
    assertThat(LengthBuckets.of(Arrays.copyOf(lengths, 5), 2)).hasSize(1);
  }

  @Test
  void threads_do_not_change_the_vectors() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      texts.add("word ".repeat(1 + i % 17));
    }
    int before = Backend.threads();
    try (Embedder embedder = Embedder.open()) {
      Backend.threads(1);
      List<float[]> alone = embedder.embed(texts);
      Backend.threads(2);
      List<float[]> together = embedder.embed(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).containsExactly(alone.get(i), within(1e-5f));
      }
    } finally {
      Backend.threads(before);
    }
  }
}
