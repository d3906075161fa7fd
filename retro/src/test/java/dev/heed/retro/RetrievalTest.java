package dev.heed.retro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RETRO's keys as the paper makes them: means of a frozen BERT's vectors. */
@Tag("integration")
class RetrievalTest {
  private static final int CHUNK = 10;
  private static final List<String> TEXTS =
      List.of(
          "A small cat sleeps on the warm sofa all day long.",
          "The central bank raised its interest rates again this week.",
          "Our rocket reached a stable orbit around the distant planet.",
          "Stir the flour into the butter and bake it for an hour.");

  @Test
  void a_paraphrase_finds_its_text(@TempDir Path folder) {
    try (Embedder embedder = Embedder.open()) {
      ChunkEncoder encoder = chunks -> embedder.embedTokens(chunks, done -> {});
      try (DatastoreBuilder builder = DatastoreBuilder.create(folder, CHUNK, encoder)) {
        for (int i = 0; i < TEXTS.size(); i++) {
          builder.add(i, embedder.tokens(TEXTS.get(i)));
        }
        builder.finish();
      }
      try (Datastore store = Datastore.open(folder)) {
        assertThat(store.chunks()).isEqualTo(TEXTS.size());
        assertThat(store.keySize()).isEqualTo(384);
        assertThat(
                nearest(
                    store, encoder, embedder, "A kitten is napping on a couch in the sun today."))
            .isZero();
        assertThat(
                nearest(
                    store,
                    encoder,
                    embedder,
                    "Borrowing money became more expensive after the bank's decision."))
            .isEqualTo(1);
        assertThat(
                nearest(
                    store,
                    encoder,
                    embedder,
                    "The spaceship is now circling another world in space."))
            .isEqualTo(2);
      }
    }
  }

  private static long nearest(
      Datastore store, ChunkEncoder encoder, Embedder embedder, String text) {
    long[] tokens = Arrays.copyOf(embedder.tokens(text), CHUNK);
    float[] key = encoder.encode(List.of(tokens)).getFirst();
    return store.nearest(key, 1, -1).getFirst().document();
  }
}
