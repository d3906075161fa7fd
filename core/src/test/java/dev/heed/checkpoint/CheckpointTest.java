package dev.heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class CheckpointTest {
  @TempDir Path folder;

  @Test
  void a_folder_gives_its_safetensors_before_anything_else() throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin"), "x");
    try (TensorScope scope = TensorScope.open()) {
      SafetensorsWriter.write(
          folder.resolve("model.safetensors"),
          Map.of("a", Tensor.of(new float[] {1}, 1)),
          Map.of());
    }
    try (CheckpointSource source = Checkpoint.open(folder)) {
      assertThat(source).isInstanceOf(SafetensorsFile.class);
      assertThat(source.names()).containsExactly("a");
      assertThat(source.shape("a")).isEqualTo(Shape.of(1));
      assertThat(source.dtype("a")).isEqualTo(DType.F32);
    }
  }

  @Test
  void a_file_is_opened_by_its_ending() throws IOException {
    Path onnx =
        Files.write(
            folder.resolve("m.onnx"),
            OnnxBytes.model(OnnxBytes.raw("w", 1, OnnxBytes.floats(1), 1)));
    try (CheckpointSource source = Checkpoint.open(onnx)) {
      assertThat(source.tensors().keySet()).containsExactly("w");
    }
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("m.h5")))
        .hasMessageContaining("expected a name that ends in .safetensors");
  }

  @Test
  void an_empty_folder_says_what_it_lacks() {
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .hasMessageContaining("expected one of model.safetensors");
  }
}
