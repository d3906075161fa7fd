package dev.heed.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors in a folder. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class LuceneStoreTest extends VectorStoreTest {
  @TempDir Path folder;

  @Override
  VectorStore create(Metric metric, int size) {
    try {
      return LuceneStore.create(Files.createTempDirectory(folder, "store"), metric);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void what_was_committed_is_there_when_it_is_opened_again() {
    Path at = folder.resolve("new");
    try (LuceneStore store = LuceneStore.create(at, Metric.COSINE, Map.of("encoder", "mine"))) {
      store.add(VectorEntry.of(1, new float[] {1, 0}));
      store.commit();
      store.add(VectorEntry.of(2, new float[] {0, 1}));
    }
    try (LuceneStore store = LuceneStore.open(at)) {
      assertThat(store.count()).isEqualTo(1);
      assertThat(store.size()).isEqualTo(2);
      assertThat(store.metric()).isEqualTo(Metric.COSINE);
      assertThat(store.properties()).containsExactly(Map.entry("encoder", "mine"));
      store.add(VectorEntry.of(3, new float[] {0, 1}));
      store.commit();
    }
    try (LuceneStore store = LuceneStore.open(at)) {
      assertThat(store.nearest(new float[] {0, 2}, Search.of(1)).getFirst().id()).isEqualTo(3);
    }
  }

  @Test
  void what_is_no_store_is_refused() throws IOException {
    assertThatThrownBy(() -> LuceneStore.open(folder.resolve("nowhere")))
        .hasMessageContaining("no such folder");
    LuceneStore.create(folder.resolve("open"), Metric.COSINE).close();
    assertThatThrownBy(() -> LuceneStore.open(folder.resolve("open")))
        .isInstanceOfSatisfying(
            CheckpointException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    try (FSDirectory directory = FSDirectory.open(folder.resolve("other"));
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.commit();
    }
    assertThatThrownBy(() -> LuceneStore.open(folder.resolve("other")))
        .hasMessageContaining("expected a store of vectors of version 1, got \"another index\"");
    assertThatThrownBy(() -> LuceneStore.create(folder.resolve("other"), Metric.COSINE))
        .hasMessageContaining("expected an empty folder, got " + folder);
    try (LuceneStore store = LuceneStore.create(folder.resolve("large"), Metric.COSINE)) {
      assertThatThrownBy(() -> store.add(VectorEntry.of(1, new float[1025])))
          .hasMessageContaining("expected a size from 1 to 1024, got 1025");
    }
  }
}
