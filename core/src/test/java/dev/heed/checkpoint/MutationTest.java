package dev.heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thousands of damaged files a format, from fixed seeds: each is read or refused with a message,
 * never worse.
 */
@Tag("unit")
class MutationTest {
  private static final long SEED = 20_261_123;

  record Config(int hiddenSize, double layerNormEps, String hiddenAct) {}

  @Test
  void safetensors() throws IOException {
    byte[] valid =
        Files.readAllBytes(Path.of("src/test/resources/checkpoint/attention_rollout.safetensors"));
    int refused = Hostile.fuzz(valid, SEED, 4000, MutationTest::readAll);
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void onnx() {
    byte[] valid =
        OnnxBytes.model(
            new com.google.protobuf.UnknownFieldSet.Builder[] {
              OnnxBytes.raw("onnx::MatMul_1", 1, OnnxBytes.floats(1, 2, 3, 4, 5, 6), 2, 3),
              OnnxBytes.raw("b", 10, new byte[6], 3)
            },
            OnnxBytes.node("/dense/MatMul", "MatMul", "x", "onnx::MatMul_1"));
    int refused = Hostile.fuzz(valid, SEED, 4000, bytes -> readAll(OnnxBytes.open(bytes)));
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void config() {
    byte[] valid =
        "{\"hidden_size\": 384, \"layer_norm_eps\": 1e-12, \"hidden_act\": \"gelu\", \"x\": [1, {\"y\": null}]}"
            .getBytes(StandardCharsets.UTF_8);
    int refused =
        Hostile.fuzz(
            valid, SEED, 4000, bytes -> ConfigReader.read("c", bytes, new Config(1, 1, "relu")));
    assertThat(refused).isGreaterThan(1000);
  }

  private static Object readAll(byte[] bytes) {
    return readAll(SafetensorsBytes.open(bytes));
  }

  private static Object readAll(CheckpointSource source) {
    try (TensorScope scope = TensorScope.open();
        source) {
      source.tensors().keySet().forEach(source::read);
      return source;
    }
  }
}
