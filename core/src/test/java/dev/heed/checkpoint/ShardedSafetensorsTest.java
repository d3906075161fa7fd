package dev.heed.checkpoint;

import static dev.heed.checkpoint.CheckpointException.Kind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ShardedSafetensorsTest {
  @TempDir Path folder;

  @BeforeEach
  void write() {
    try (TensorScope scope = TensorScope.open()) {
      SafetensorsWriter.write(
          folder.resolve("model-1.safetensors"),
          Map.of("a", Tensor.of(new float[] {1, 2}, 2)),
          Map.of("format", "pt"));
      SafetensorsWriter.write(
          folder.resolve("model-2.safetensors"),
          Map.of("b", Tensor.of(new float[] {3}, 1)),
          Map.of("format", "pt"));
    }
  }

  @Test
  void joins_its_shards() throws IOException {
    Path index =
        index(
            "{\"metadata\":{\"total_size\":1},\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}");
    try (TensorScope scope = TensorScope.open();
        ShardedSafetensors sharded = ShardedSafetensors.open(index)) {
      assertThat(sharded.tensors().keySet()).containsExactly("a", "b");
      assertThat(sharded.read("a").toFloatArray()).containsExactly(1, 2);
      assertThat(sharded.read("b").toFloatArray()).containsExactly(3);
      assertThat(sharded.metadata()).containsExactly(Map.entry("format", "pt"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|MALFORMED|an object weight_map",
        "{\"weight_map\":[]}|MALFORMED|an object weight_map",
        "{\"weight_map\":{\"a\":1}}|MALFORMED|a file name for",
        "{\"weight_map\":{\"a\":\"../model-1.safetensors\"}}|UNSAFE|a plain file name",
        "{\"weight_map\":{\"a\":\"/etc/passwd\"}}|UNSAFE|a plain file name",
        "{\"weight_map\":{\"a\":\"model-1.bin\"}}|UNSAFE|ends in .safetensors",
        "{\"weight_map\":{\"a\":\"model-3.safetensors\"}}|NOT_FOUND|a regular file",
        "{\"weight_map\":{\"b\":\"model-1.safetensors\"}}|NOT_FOUND|tensor \"b\" in"
      })
  void an_index_that_does_not_fit_is_refused(String json, Kind kind, String message)
      throws IOException {
    Path index = index(json);
    Hostile.assertRefused(new byte[0], kind, message, b -> ShardedSafetensors.open(index));
  }

  private Path index(String json) throws IOException {
    return Files.writeString(
        folder.resolve("model.safetensors.index.json"), json, StandardCharsets.UTF_8);
  }
}
