package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.RandomCheckpoint;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latents attend to the tokens of a text as the model computes it. */
@Tag("integration")
class LatentReadingTest {
  private static final String TEXT = "the cat sat.";
  private static final String PERCEIVER =
      """
      {"model_type": "perceiver", "architectures": ["PerceiverForMaskedLM"], "vocab_size": 21,
       "num_latents": 5, "d_latents": 16, "d_model": 16, "num_blocks": 1,
       "num_self_attends_per_block": 2, "num_self_attention_heads": 2,
       "num_cross_attention_heads": 2, "qk_channels": 8, "v_channels": 8,
       "max_position_embeddings": 17}\
      """;

  @TempDir private Path folder;

  @Test
  void latents_read_tokens() throws Exception {
    ModelFiles files = RandomCheckpoint.write(folder, PERCEIVER);
    assertThat(LatentReading.isOf(files)).isTrue();
    AttentionMap map = LatentReading.read(files, TEXT);
    long[] ids = files.tokenizer().encode(TEXT).ids();
    assertThat(map.isSelf()).isFalse();
    assertThat(map.queries()).hasSize(5);
    assertThat(map.queries().get(4).text()).isEqualTo("latent 4");
    assertThat(map.keys()).hasSize(ids.length);
    try (Model model = Model.load(folder);
        TensorScope scope = TensorScope.inference()) {
      Tensor expected =
          model
              .apply(
                  ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length)),
                  Trace.NONE,
                  new Wanted(false, true))
              .series("cross_attentions")
              .getFirst();
      float[] row = expected.select(0, 0).select(0, 1).select(0, 3).toFloatArray();
      assertThat(map.row(0, 1, 3)).containsExactly(row, within(1e-6f));
    }
    assertThatThrownBy(() -> LatentReading.read(files, "the cat ".repeat(20)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("expected 1 to 17 tokens");
  }
}
