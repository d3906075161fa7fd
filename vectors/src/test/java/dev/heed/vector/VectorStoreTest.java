package dev.heed.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every store does. */
@Tag("integration")
abstract class VectorStoreTest {
  static final int SIZE = 23;

  /** An empty store. */
  abstract VectorStore create(Metric metric, int size);

  static List<VectorEntry> random(int count, int size, long seed) {
    Random random = new Random(seed);
    List<VectorEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(new VectorEntry(i, vector(random, size), i % 7, new byte[] {(byte) i, -1}));
    }
    return entries;
  }

  static float[] vector(Random random, int size) {
    float[] vector = new float[size];
    for (int i = 0; i < size; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  @Test
  void distances_are_those_computed_by_hand() {
    try (VectorStore store = create(Metric.EUCLIDEAN, 2)) {
      store.add(
          List.of(VectorEntry.of(1, new float[] {3, 4}), VectorEntry.of(2, new float[] {0, 1})));
      store.commit();
      List<Near> near = store.nearest(new float[] {0, 0}, Search.of(5));
      assertThat(near).extracting(Near::id).containsExactly(2L, 1L);
      assertThat(near.get(0).distance()).isCloseTo(1, within(1e-5));
      assertThat(near.get(1).distance()).isCloseTo(25, within(1e-4));
    }
    try (VectorStore store = create(Metric.COSINE, 2)) {
      store.add(
          List.of(
              VectorEntry.of(1, new float[] {3, 4}),
              VectorEntry.of(2, new float[] {0, -9}),
              VectorEntry.of(3, new float[] {100, 0})));
      store.commit();
      List<Near> near = store.nearest(new float[] {7, 0}, Search.of(5));
      assertThat(near).extracting(Near::id).containsExactly(3L, 1L, 2L);
      assertThat(near.get(0).distance()).isCloseTo(0, within(1e-6));
      assertThat(near.get(1).distance()).isCloseTo(0.4, within(1e-6));
      assertThat(near.get(2).distance()).isCloseTo(1, within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void finds_what_exact_search_finds_beside_a_group_that_is_left_out(Metric metric) {
    List<VectorEntry> entries = random(500, SIZE, 5);
    try (VectorStore store = create(metric, SIZE);
        VectorStore exact = new ExactStore(metric)) {
      for (VectorStore each : List.of(store, exact)) {
        each.add(entries.subList(0, 300));
        each.add(entries.subList(300, 500));
        each.commit();
        assertThat(each.count()).isEqualTo(500);
        assertThat(each.size()).isEqualTo(SIZE);
        assertThat(each.metric()).isEqualTo(metric);
      }
      Random random = new Random(7);
      for (int i = 0; i < 20; i++) {
        float[] query = vector(random, SIZE);
        Search search = Search.of(11).withCandidates(400).withoutGroup(i % 8 - 1);
        List<Near> found = store.nearest(query, search);
        List<Near> wanted = exact.nearest(query, search);
        assertThat(found).extracting(Near::id).isEqualTo(wanted.stream().map(Near::id).toList());
        assertThat(found).isSortedAccordingTo(Comparator.comparingDouble(Near::distance));
        assertThat(found).noneMatch(near -> near.group() == search.without());
        for (int j = 0; j < found.size(); j++) {
          assertThat(found.get(j).distance())
              .isCloseTo(wanted.get(j).distance(), within(1e-4 * wanted.get(j).distance() + 1e-5));
          assertThat(found.get(j).payload()).isEqualTo(wanted.get(j).payload());
        }
      }
    }
  }

  @Test
  void changes_are_seen_from_commit_on() {
    try (VectorStore store = create(Metric.EUCLIDEAN, 3)) {
      float[] origin = new float[3];
      assertThat(store.nearest(origin, Search.of(1))).isEmpty();
      store.add(new VectorEntry(4, new float[] {1, 2, 3}, 9, new byte[] {7}));
      assertThat(store.count()).isZero();
      store.commit();
      Near first = store.nearest(origin, Search.of(3)).getFirst();
      assertThat(first.group()).isEqualTo(9);
      assertThat(first.payload()).containsExactly(7);
      store.add(VectorEntry.of(4, new float[] {0, 2, 0}));
      store.add(VectorEntry.of(5, new float[] {0, 0, 3}));
      assertThat(store.count()).isEqualTo(1);
      store.commit();
      assertThat(store.nearest(origin, Search.of(3))).extracting(Near::id).containsExactly(4L, 5L);
      store.remove(4);
      store.remove(77);
      store.commit();
      assertThat(store.nearest(origin, Search.of(3))).extracting(Near::id).containsExactly(5L);
      assertThat(store.nearest(origin, Search.of(3).withoutGroup(5))).isEmpty();
    }
  }

  @Test
  void many_search_while_one_changes() throws Exception {
    try (VectorStore store = create(Metric.COSINE, SIZE);
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      store.add(random(50, SIZE, 3));
      store.commit();
      List<Future<?>> searches = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        long seed = t;
        searches.add(
            threads.submit(() -> {
              Random random = new Random(seed);
              for (int i = 0; i < 30; i++) {
                assertThat(store.nearest(vector(random, SIZE), Search.of(5))).hasSize(5);
              }
            }));
      }
      for (int i = 0; i < 5; i++) {
        store.add(random(50 + 10 * i, SIZE, i));
        store.commit();
      }
      for (Future<?> search : searches) {
        search.get();
      }
      assertThat(store.count()).isEqualTo(90);
    }
  }

  @Test
  void vectors_that_have_no_distance_are_refused() {
    try (VectorStore store = create(Metric.COSINE, 3)) {
      store.add(VectorEntry.of(1, new float[] {1, 2, 3}));
      assertThatThrownBy(() ->
              store.add(
                  List.of(
                      VectorEntry.of(2, new float[] {1, 1, 1}), VectorEntry.of(3, new float[2]))))
          .hasMessageContaining("expected the store's size, 3, got 2");
      assertThatThrownBy(() -> store.add(VectorEntry.of(2, new float[3])))
          .hasMessage("vectors: expected a vector with a direction, got zeros alone");
      assertThatThrownBy(() -> store.add(VectorEntry.of(2, new float[] {1, Float.NaN, 0})))
          .hasMessage("vectors: expected finite numbers, got NaN at 1");
      store.commit();
      assertThat(store.count()).isEqualTo(1);
      assertThatThrownBy(() -> store.nearest(new float[] {1}, Search.of(1)))
          .hasMessageContaining("expected the store's size, 3, got 1");
    }
    assertThatThrownBy(() -> Search.of(0)).hasMessageContaining("at least 1 neighbour, got 0");
    assertThatThrownBy(() -> new VectorEntry(1, new float[1], -1, new byte[0]))
        .hasMessage("vectors: expected a group from 0, got -1");
  }
}
