package dev.heed.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.task.Embedder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/stores.md. */
@Tag("integration")
class StoresPageTest {
  private static void example(Path folder, PrintStream console) {
    try (Embedder embedder = Embedder.open();
        VectorStore store = LuceneStore.create(folder, Metric.COSINE)) {
      store.add(VectorEntry.of(1, embedder.embed("Parking is free on Sundays.")));
      store.add(VectorEntry.of(2, embedder.embed("The museum opens at nine.")));
      store.commit();
      for (Near near : store.nearest(embedder.embed("Where can I park?"), Search.of(1))) {
        console.println(near.id() + " " + near.distance());
      }
    }
  }

  @Test
  void prints_what_is_nearest(@TempDir Path folder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    example(folder, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("1 0.4");
  }
}
