package dev.heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
class RecordedReferenceTest {
  @TempDir Path folder;

  @Test
  void a_case_groups_its_tensors_and_remembers_what_was_read() {
    try (TensorScope scope = TensorScope.open();
        GoldenFile golden =
            golden(
                "golden-x",
                Map.of("heads", "3", "eps", "1e-5", "causal", "true", "sizes", "[2, 3]"))) {
      assertThat(golden.name()).isEqualTo("golden-x");
      assertThat(golden.group("input")).containsExactly("key", "query");
      assertThat(golden.group("grad.input")).containsExactly("query");
      assertThat(golden.integer("heads")).isEqualTo(3);
      assertThat(golden.number("eps")).isEqualTo(1e-5);
      assertThat(golden.flag("causal")).isTrue();
      assertThat(golden.json("sizes").get(1).intValue()).isEqualTo(3);
      assertThat(golden.read("input.query").toFloatArray()).containsExactly(1);
      assertThat(golden.unread()).containsExactly("grad.input.query", "input.key");
      assertThatThrownBy(() -> golden.setting("window"))
          .hasMessageContaining(
              "expected a setting among [causal, eps, heads, sizes], got \"window\"");
    }
  }

  @Test
  void a_folder_lists_its_cases_main_one_first() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": 7}");
    golden("model", Map.of()).close();
    golden("golden-b", Map.of()).close();
    golden("golden", Map.of()).close();
    golden("golden-a", Map.of()).close();
    RecordedReference reference = RecordedReference.open(folder);
    assertThat(reference.cases())
        .extracting(p -> p.getFileName().toString())
        .containsExactly("golden.safetensors", "golden-a.safetensors", "golden-b.safetensors");
    assertThat(reference.config().get("hidden_size").intValue()).isEqualTo(7);
    try (SafetensorsFile weights = reference.weights()) {
      assertThat(weights.tensors()).hasSize(3);
    }
  }

  @Test
  void a_folder_without_a_case_is_refused() throws IOException {
    assertThatThrownBy(() -> RecordedReference.open(folder)).hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), "{}");
    golden("model", Map.of()).close();
    assertThatThrownBy(() -> RecordedReference.open(folder))
        .hasMessageContaining(
            "golden.safetensors: expected a recorded reference's file, got nothing");
  }

  private GoldenFile golden(String name, Map<String, String> settings) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor one = Tensor.of(new float[] {1}, 1);
      Path file = folder.resolve(name + ".safetensors");
      SafetensorsWriter.write(
          file, Map.of("input.query", one, "input.key", one, "grad.input.query", one), settings);
      return GoldenFile.open(file);
    }
  }
}
