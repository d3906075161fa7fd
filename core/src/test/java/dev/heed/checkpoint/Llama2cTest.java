package dev.heed.checkpoint;

import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** llama2.c files by hand: width 8, two heads of four, one of them for keys. */
@Tag("unit")
class Llama2cTest {
  private static final long SEED = 20_261_130;
  private static final int DIM = 8;
  private static final int HIDDEN = 4;
  private static final int LAYERS = 2;
  private static final int VOCABULARY = 5;
  private static final int CONTEXT = 3;

  @TempDir private Path folder;

  private static ByteBuffer sizes(ByteBuffer out, int vocabulary) {
    return out.putInt(DIM)
        .putInt(HIDDEN)
        .putInt(LAYERS)
        .putInt(2)
        .putInt(1)
        .putInt(vocabulary)
        .putInt(CONTEXT);
  }

  /** So many floats 0, 1, 2, …. */
  private static void counted(ByteBuffer out, int count) {
    for (int i = 0; i < count; i++) {
      out.putFloat(i);
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] written(ByteBuffer out) {
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private static final int[] LAYERED = {
    LAYERS * DIM * DIM, LAYERS * DIM * DIM / 2, LAYERS * DIM * DIM / 2, LAYERS * DIM * DIM
  };

  private static byte[] first(boolean shared) {
    ByteBuffer out = sizes(little(1 << 14), shared ? VOCABULARY : -VOCABULARY);
    counted(out, VOCABULARY * DIM);
    counted(out, LAYERS * DIM);
    for (int size : LAYERED) {
      counted(out, size);
    }
    counted(out, LAYERS * DIM);
    counted(out, LAYERS * HIDDEN * DIM);
    counted(out, LAYERS * HIDDEN * DIM);
    counted(out, LAYERS * HIDDEN * DIM);
    counted(out, DIM);
    counted(out, 2 * CONTEXT * 2);
    if (!shared) {
      counted(out, VOCABULARY * DIM);
    }
    return written(out);
  }

  /** Version 2: matrices of signed bytes 1, 2, 3, … with scales 0.5 for groups of four. */
  private static byte[] quantised() {
    ByteBuffer out = little(1 << 14).putInt(0x616b3432).putInt(2);
    sizes(out, VOCABULARY).put((byte) 1).putInt(4).position(256);
    counted(out, LAYERS * DIM * 2 + DIM);
    bytes(out, 1, VOCABULARY * DIM);
    for (int size : LAYERED) {
      bytes(out, LAYERS, size / LAYERS);
    }
    for (int i = 0; i < 3; i++) {
      bytes(out, LAYERS, HIDDEN * DIM);
    }
    return written(out);
  }

  private static void bytes(ByteBuffer out, int times, int count) {
    for (int t = 0; t < times; t++) {
      for (int i = 0; i < count; i++) {
        out.put((byte) (i + 1));
      }
      for (int i = 0; i < count / 4; i++) {
        out.putFloat(0.5f);
      }
    }
  }

  private static Llama2cFile open(byte[] bytes) {
    return Llama2cFile.of("m.bin", MemorySegment.ofArray(bytes));
  }

  @Test
  void the_first_version_is_read_under_hugging_face_names() throws IOException {
    Path path = Files.write(folder.resolve("m.bin"), first(false));
    try (TensorScope scope = TensorScope.open();
        CheckpointSource file = Checkpoint.open(path)) {
      assertThat(file).isInstanceOf(Llama2cFile.class);
      assertThat(file.names()).hasSize(2 + 9 * LAYERS + 1);
      assertThat(file.shape("model.layers.1.self_attn.k_proj.weight")).isEqualTo(Shape.of(4, 8));
      float[] q = file.read("model.layers.1.self_attn.q_proj.weight").toFloatArray();
      // Rows 0, 2, 1, 3 of the second layer's 64 numbers.
      assertThat(new float[] {q[0], q[8], q[16], q[24]}).containsExactly(64, 80, 72, 88);
      float[] v = file.read("model.layers.1.self_attn.v_proj.weight").toFloatArray();
      assertThat(v[8]).isEqualTo(40);
      assertValues(file.read("model.norm.weight"), 0, 1, 2, 3, 4, 5, 6, 7);
      assertThat(file.metadata()).containsEntry("seq_len", "3").containsEntry("version", "0");
      assertThat(((Llama2cFile) file).config().toString())
          .contains("\"hidden_size\":8,\"intermediate_size\":4,\"num_hidden_layers\":2")
          .contains("\"tie_word_embeddings\":false");
    }
  }

  @Test
  void quantised_matrices_have_a_scale_for_each_group() {
    try (TensorScope scope = TensorScope.open();
        Llama2cFile file = open(quantised())) {
      assertThat(file.config().get("tie_word_embeddings").asBoolean()).isTrue();
      float[] down = file.read("model.layers.1.mlp.down_proj.weight").toFloatArray();
      assertThat(down[0]).isEqualTo(0.5f);
      assertThat(down[31]).isEqualTo(16f);
      assertThat(file.read("model.norm.weight").toFloatArray()[1]).isEqualTo(33f);
    }
  }

  @Test
  void sizes_that_do_not_add_up_are_refused() {
    byte[] valid = first(true);
    refused(java.util.Arrays.copyOf(valid, 27), Kind.TRUNCATED, "at least 28 bytes");
    refused(java.util.Arrays.copyOf(valid, valid.length - 4), Kind.TRUNCATED, "at least");
    refused(java.util.Arrays.copyOf(valid, valid.length + 4), Kind.LAYOUT, "sum of the tensors");
    refused(with(valid, 0, 7), Kind.VALUE, "n_heads times an even size, got 7 / 2");
    refused(with(valid, 0, -8), Kind.VALUE, "dim from 1 to");
    refused(with(valid, 8, 1 << 26), Kind.TRUNCATED, "at least");
    refused(with(valid, 16, 3), Kind.VALUE, "a multiple of n_kv_heads, got 2 / 3");
    refused(with(quantised(), 4, 3), Kind.UNSUPPORTED, "version 1 or 2, got 3");
  }

  private static byte[] with(byte[] valid, int at, int number) {
    byte[] bytes = valid.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);
    return bytes;
  }

  private static void refused(byte[] bytes, Kind kind, String message) {
    Hostile.assertRefused(bytes, kind, message, Llama2cTest::open);
  }

  @Test
  void a_damaged_file_is_read_or_refused() {
    for (byte[] valid : new byte[][] {first(true), quantised()}) {
      int refused =
          Hostile.fuzz(
              valid,
              SEED,
              2000,
              bytes -> {
                try (TensorScope scope = TensorScope.open();
                    Llama2cFile file = open(bytes)) {
                  file.names().forEach(file::read);
                  return file.config();
                }
              });
      assertThat(refused).isGreaterThan(500);
    }
  }

  @Test
  void a_vocabulary_has_pieces_and_scores() throws IOException {
    byte[] valid =
        written(
            little(64)
                .putInt(4)
                .putFloat(0)
                .putInt(4)
                .put("<s>\n".getBytes(StandardCharsets.UTF_8))
                .putFloat(-1.5f)
                .putInt(2)
                .put("é".getBytes(StandardCharsets.UTF_8)));
    Path path = Files.write(folder.resolve("tokenizer.bin"), valid);
    Llama2cVocabulary read = Llama2cVocabulary.read(path);
    assertThat(read.pieces()).containsExactly("<s>\n", "é");
    assertThat(read.scores()).containsExactly(0f, -1.5f);
    assertThatThrownBy(() -> Llama2cVocabulary.read("t", with(valid, 8, 5)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("piece 0: expected a length from 0 to 4, got 5");
    assertThat(Hostile.fuzz(valid, SEED, 2000, bytes -> Llama2cVocabulary.read("t", bytes)))
        .isGreaterThan(500);
  }
}
