package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.kernel.WeightPooling;
import dev.heed.fixture.RandomCheckpoint;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any part of a long text's map is the part of the whole map. */
@Tag("integration")
class LongReadingTest {
  private static final String TEXT = "the cat sat on the mat. ".repeat(17);
  private static final String LLAMA =
      """
      {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 21,
       "hidden_size": 24, "intermediate_size": 16, "num_hidden_layers": 3,
       "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 4096}\
      """;
  private static final String GEMMA2 =
      """
      {"model_type": "gemma2", "architectures": ["Gemma2ForCausalLM"], "vocab_size": 21,
       "hidden_size": 24, "intermediate_size": 16, "num_hidden_layers": 2, "head_dim": 6,
       "num_attention_heads": 4, "num_key_value_heads": 2, "query_pre_attn_scalar": 6,
       "sliding_window": 7, "attn_logit_softcapping": 0.5, "max_position_embeddings": 4096}\
      """;
  private static final String MODERNBERT =
      """
      {"model_type": "modernbert", "architectures": ["ModernBertForMaskedLM"], "vocab_size": 21,
       "hidden_size": 24, "intermediate_size": 16, "num_hidden_layers": 4,
       "num_attention_heads": 3, "local_attention": 10, "max_position_embeddings": 4096}\
      """;
  private static final String T5 =
      """
      {"model_type": "t5", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 21,
       "d_model": 8, "d_kv": 4, "d_ff": 12, "num_layers": 2, "num_heads": 2}\
      """;
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {LLAMA, GEMMA2, MODERNBERT, T5})
  void any_part_is_that_of_the_whole_map(String config) throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(RandomCheckpoint.write(folder, config));
        LongReading reading = LongReading.of(capture, TEXT, 4096, layer -> {})) {
      float[][][][] whole = capture.read(TEXT).weights();
      int size = reading.units().size();
      assertThat(size).isGreaterThan(64);
      assertThat(reading.text()).isEqualTo(TEXT);
      assertThat(reading.layers()).isEqualTo(whole.length);
      assertThat(reading.heads()).isEqualTo(whole[0].length);
      for (int layer = 0; layer < whole.length; layer++) {
        for (int head = 0; head < whole[0].length; head++) {
          float[][] expected = whole[layer][head];
          assertThat(reading.row(layer, head, size - 3))
              .containsExactly(expected[size - 3], within(1e-5f));
          for (WeightPooling pooling : WeightPooling.values()) {
            for (int block : new int[] {1, 5, 32}) {
              requireSame(reading, layer, head, expected, block, pooling);
            }
          }
        }
      }
    }
  }

  private static void requireSame(
      LongReading reading,
      int layer,
      int head,
      float[][] expected,
      int block,
      WeightPooling pooling) {
    LongReading.Span rows = new LongReading.Span(11, expected.length - 2);
    LongReading.Span keys = new LongReading.Span(3, expected.length);
    float[] cells;
    try (TensorScope scope = TensorScope.open()) {
      cells = reading.map(layer, head, rows, keys, block, pooling).toFloatArray();
    }
    int columns = (keys.end() - keys.from() + block - 1) / block;
    for (int cell = 0; cell < cells.length; cell++) {
      double most = 0;
      double sum = 0;
      int count = 0;
      int row = rows.from() + cell / columns * block;
      int key = keys.from() + cell % columns * block;
      for (int i = row; i < Math.min(rows.end(), row + block); i++) {
        for (int j = key; j < Math.min(keys.end(), key + block); j++) {
          most = Math.max(most, expected[i][j]);
          sum += expected[i][j];
          count++;
        }
      }
      assertThat((double) cells[cell])
          .isCloseTo(pooling == WeightPooling.MAX ? most : sum / count, within(1e-5));
    }
  }

  @Test
  void a_text_is_cut_where_tokens_or_positions_end() throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(RandomCheckpoint.write(folder, LLAMA))) {
      assertThat(LongReading.longest(capture, Long.MAX_VALUE)).isEqualTo(4096);
      // 3 layers of (4 + 2) heads of 6 numbers, and 2 a row of 4 heads
      assertThat(LongReading.longest(capture, 100_000)).isEqualTo(100_000 / (3 * 44 * 4));
      try (LongReading reading = LongReading.of(capture, TEXT, 10, layer -> {})) {
        assertThat(reading.units().size()).isLessThanOrEqualTo(10);
        assertThat(TEXT).startsWith(reading.text());
        assertThatThrownBy(() -> reading.row(0, 4, 0))
            .hasMessage("head: expected a number from 0 to 3, got 4");
      }
    }
  }

  @Test
  void reading_ends_when_nobody_waits() throws Exception {
    try (AttentionCapture capture = AttentionCapture.open(RandomCheckpoint.write(folder, LLAMA))) {
      long before = TensorScope.liveHandles();
      assertThatThrownBy(() ->
              LongReading.of(
                  capture,
                  TEXT,
                  4096,
                  layer -> {
                    if (layer == 2) {
                      throw new CancellationException("left");
                    }
                  }))
          .isInstanceOf(CancellationException.class);
      assertThat(TensorScope.liveHandles()).isEqualTo(before);
    }
  }
}
