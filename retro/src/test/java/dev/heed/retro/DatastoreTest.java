package dev.heed.retro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.vector.ExactStore;
import dev.heed.vector.LuceneStore;
import dev.heed.vector.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class DatastoreTest {
  private static final int CHUNK = 5;
  private static final int WORDS = 97;
  private static final int SIZE = 23;
  private static final float[][] TABLE = table();

  @TempDir Path folder;

  private static float[][] table() {
    Random random = new Random(3);
    float[][] rows = new float[WORDS][SIZE];
    for (float[] row : rows) {
      for (int i = 0; i < SIZE; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /** The mean of a random vector a word. */
  private static List<float[]> encode(List<long[]> chunks) {
    List<float[]> keys = new ArrayList<>();
    for (long[] chunk : chunks) {
      float[] key = new float[SIZE];
      for (long word : chunk) {
        for (int i = 0; i < SIZE; i++) {
          key[i] += TABLE[(int) word][i] / chunk.length;
        }
      }
      keys.add(key);
    }
    return keys;
  }

  private static long[] text(Random random, int length) {
    return random.longs(length, 0, WORDS).toArray();
  }

  private Datastore store(List<long[]> texts) {
    try (DatastoreBuilder builder = DatastoreBuilder.create(folder, CHUNK, DatastoreTest::encode)) {
      for (int i = 0; i < texts.size(); i++) {
        builder.add(i, texts.get(i));
      }
      builder.finish();
    }
    return Datastore.open(folder);
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return sum;
  }

  private record Exact(long document, int place, double distance) {}

  /** All chunks of the other documents, nearest first. */
  private static List<Exact> exact(List<long[]> texts, float[] key, long excluded) {
    List<Exact> all = new ArrayList<>();
    for (int document = 0; document < texts.size(); document++) {
      for (int place = 0; (place + 1) * CHUNK <= texts.get(document).length; place++) {
        long[] chunk =
            java.util.Arrays.copyOfRange(texts.get(document), place * CHUNK, (place + 1) * CHUNK);
        if (document != excluded) {
          all.add(new Exact(document, place, distance(key, encode(List.of(chunk)).getFirst())));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Exact::distance));
    return all;
  }

  @Test
  void the_graph_finds_what_exact_search_finds() {
    Random random = new Random(11);
    List<long[]> texts = Stream.generate(() -> text(random, 20 * CHUNK)).limit(150).toList();
    int k = 10;
    int right = 0;
    int queries = 60;
    try (Datastore store = store(texts)) {
      assertThat(store.chunks()).isEqualTo(3000);
      assertThat(store.keySize()).isEqualTo(SIZE);
      for (int i = 0; i < queries; i++) {
        float[] key = encode(List.of(text(random, CHUNK))).getFirst();
        long excluded = i % texts.size();
        List<Exact> wanted = exact(texts, key, excluded).subList(0, k);
        Set<String> names = new HashSet<>();
        wanted.forEach(chunk -> names.add(chunk.document() + "/" + chunk.place()));
        List<Neighbour> found = store.nearest(key, k, excluded);
        assertThat(found).hasSize(k).noneMatch(chunk -> chunk.document() == excluded);
        assertThat(found.getFirst().distance())
            .isCloseTo(wanted.getFirst().distance(), org.assertj.core.api.Assertions.within(1e-4));
        assertThat(found).isSortedAccordingTo(Comparator.comparingDouble(Neighbour::distance));
        right +=
            (int)
                found.stream().filter(c -> names.contains(c.document() + "/" + c.place())).count();
      }
    }
    assertThat(right / (double) (k * queries))
        .as("recall of %d in %d queries", k, queries)
        .isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void a_chunk_comes_with_its_continuation_and_never_from_its_own_document() {
    long[] first = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    long[] second = {1, 2, 3, 4, 5, 20, 21};
    long[] third = {40, 41, 42};
    try (TensorScope scope = TensorScope.open();
        Datastore store = store(List.of(first, second, third))) {
      assertThat(store.chunks()).isEqualTo(3);
      float[] key = encode(List.of(new long[] {1, 2, 3, 4, 5})).getFirst();
      Neighbour other = store.nearest(key, 1, 0).getFirst();
      assertThat(other.document()).isEqualTo(1);
      assertThat(other.place()).isZero();
      assertThat(other.tokens()).containsExactly(1, 2, 3, 4, 5, 20, 21);
      assertThat(other.distance()).isEqualTo(0);
      assertThat(store.nearest(key, 9, -1)).hasSize(3);
      assertThat(store.nearest(key, 9, 0)).hasSize(1);
      Retriever retriever = new Retriever(store, DatastoreTest::encode, 2, 96);
      Tensor ids = Tensor.of(first, 1, 12);
      Tensor near = retriever.retrieve(ids, 0);
      assertThat(near.shape().toArray()).containsExactly(1, 2, 2, 10);
      assertThat(near.select(1, 0).toLongArray())
          .containsExactly(
              1, 2, 3, 4, 5, 20, 21, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96, 96);
      assertThatThrownBy(() -> retriever.retrieve(ids, 0, 1))
          .hasMessage("retriever: expected a document for each of 1 sequences, got 2");
    }
  }

  @Test
  void any_store_of_vectors_can_hold_it() {
    ExactStore kept = new ExactStore(Metric.EUCLIDEAN);
    DatastoreBuilder builder = DatastoreBuilder.into(kept, CHUNK, DatastoreTest::encode);
    builder.add(3, new long[] {1, 2, 3, 4, 5, 6, 7});
    builder.add(4, new long[] {1, 2, 3, 4, 6, 50});
    builder.finish();
    try (Datastore store = Datastore.over(kept, CHUNK)) {
      float[] key = encode(List.of(new long[] {1, 2, 3, 4, 5})).getFirst();
      assertThat(store.nearest(key, 2, -1)).extracting(Neighbour::document).containsExactly(3L, 4L);
      Neighbour other = store.nearest(key, 2, 3).getFirst();
      assertThat(other.tokens()).containsExactly(1, 2, 3, 4, 6, 50);
      assertThat(other.place()).isZero();
    }
    assertThatThrownBy(() -> Datastore.over(new ExactStore(Metric.COSINE), CHUNK))
        .hasMessage("datastore: expected a store of Euclidean distances, got COSINE");
  }

  @Test
  void an_empty_store_finds_nothing() {
    try (TensorScope scope = TensorScope.open();
        Datastore store = store(List.of(new long[] {1, 2}))) {
      assertThat(store.chunks()).isZero();
      assertThat(store.nearest(new float[] {1, 2}, 3, -1)).isEmpty();
      Retriever retriever = new Retriever(store, DatastoreTest::encode, 1, 7);
      Tensor ids = Tensor.of(new long[] {1, 2, 3, 4, 5}, 1, 5);
      assertThat(retriever.retrieve(ids, -1).toLongArray()).containsOnly(7).hasSize(10);
    }
  }

  @Test
  void a_changed_byte_in_any_file_is_noticed() throws Exception {
    store(List.of(text(new Random(2), 40 * CHUNK))).close();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> !file.endsWith("write.lock")).toList();
    }
    assertThat(files).hasSizeGreaterThan(2);
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      byte[] changed = whole.clone();
      changed[changed.length / 2] ^= 0x10;
      Files.write(file, changed);
      assertDamaged();
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
      assertDamaged();
      Files.delete(file);
      assertDamaged();
      Files.write(file, whole);
    }
    Datastore.open(folder).close();
  }

  private void assertDamaged() {
    assertThatThrownBy(() -> Datastore.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("expected the files of a store of vectors, complete and unchanged")
        .hasMessageEndingWith("Check the path, or build it anew.");
  }

  @Test
  void what_is_no_datastore_is_refused() throws Exception {
    assertThatThrownBy(() -> Datastore.open(folder.resolve("nowhere")))
        .hasMessageContaining("no such folder");
    assertDamaged();
    try (LuceneStore other = LuceneStore.create(folder, Metric.EUCLIDEAN)) {
      other.commit();
    }
    assertThatThrownBy(() -> Datastore.open(folder))
        .isInstanceOfSatisfying(
            CheckpointException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("expected a RETRO datastore, got a store of other vectors");
    assertThatThrownBy(() -> DatastoreBuilder.create(folder, CHUNK, DatastoreTest::encode))
        .hasMessageContaining("expected an empty folder, got " + folder);
  }

  @Test
  void what_was_not_finished_is_not_there() {
    try (DatastoreBuilder builder = DatastoreBuilder.create(folder, CHUNK, DatastoreTest::encode)) {
      builder.add(0, new long[500]);
    }
    assertDamaged();
  }

  @Test
  void keys_and_tokens_out_of_range_are_refused() {
    try (Datastore store = store(List.of(new long[CHUNK]))) {
      assertThatThrownBy(() -> store.nearest(new float[3], 1, -1))
          .hasMessageContaining("expected the store's size, 23, got 3");
      assertThatThrownBy(() -> store.nearest(new float[SIZE], 0, -1))
          .hasMessageContaining("expected at least 1 neighbour, got 0");
    }
    Path other = folder.resolve("other");
    try (DatastoreBuilder builder =
        DatastoreBuilder.create(other, 1, chunks -> List.of(new float[1025]))) {
      assertThatThrownBy(() -> builder.add(0, new long[] {-1}))
          .hasMessageContaining("expected tokens from 0 to 2147483647, got -1");
      builder.add(0, new long[1]);
      assertThatThrownBy(builder::finish)
          .hasMessageContaining("expected a size from 1 to 1024, got 1025");
    }
  }

  @Test
  void building_keeps_no_text_in_memory() {
    Random random = new Random(5);
    int texts = 300;
    int length = 1000 * 40;
    // 12 million tokens of 8 bytes would take 96 MB; keys of one number keep the graph small.
    try (DatastoreBuilder builder =
        DatastoreBuilder.create(
            folder, 4000, chunks -> chunks.stream().map(c -> new float[] {c[0]}).toList())) {
      System.gc();
      long before = used();
      for (int i = 0; i < texts; i++) {
        builder.add(i, text(random, length));
      }
      System.gc();
      assertThat(used() - before).isLessThan(64L << 20);
      builder.finish();
    }
    try (Datastore store = Datastore.open(folder)) {
      assertThat(store.chunks()).isEqualTo(texts * length / 4000);
    }
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
