package dev.heed.retro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.PageLines;
import dev.heed.model.retro.Retro;
import dev.heed.model.retro.RetroConfig;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of RETRO's page. */
@Tag("integration")
class RetroPageTest {

  @Test
  void retro(@TempDir Path folder) {
    long[] text = {1, 2, 3, 4, 5, 6, 7, 8};
    int padding = 9;
    ChunkEncoder encoder =
        chunks -> chunks.stream().map(chunk -> new float[] {chunk[0], chunk[1]}).toList();
    RetroConfig config = new RetroConfig(10, 8, 8, 1, 1, Set.of(1), 2, 4, 4, 4, 8, padding, false);
    try (TensorScope scope = TensorScope.open();
        Retro retro = new Retro(Weights.initialise(new Generator(7), DType.F32), config)) {
      Tensor ids = Tensor.of(text, 1, 8);
      // retro
      try (DatastoreBuilder builder = DatastoreBuilder.create(folder, 4, encoder)) {
        builder.add(0, text);
        builder.finish();
      }
      try (Datastore store = Datastore.open(folder)) {
        Tensor near = new Retriever(store, encoder, 2, padding).retrieve(ids, -1);
        Tensor logits = retro.apply(ids, near);
        assertThat(logits.shape().toArray()).containsExactly(1, 8, 10); // not on the page
      }
      // end
    }
  }

  @Test
  void the_page_shows_these_lines() {
    PageLines.assertShown("retro", "retro/RetroPageTest.java");
  }
}
