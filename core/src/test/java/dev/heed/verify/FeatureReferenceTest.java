package dev.heed.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.golden.GoldenFolder;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.verify.Verification.Outcome;
import dev.heed.verify.Verification.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recorded processor of images and sounds: grey levels to the last, values to rounding. */
@Tag("integration")
class FeatureReferenceTest {
  /** Ten times less than what is stated with the recordings of spectra. */
  private static final double LOG_MEL = 1e-5;

  private static final double BOX = 1e-4;
  private static final double ROUNDING = 2e-6;

  @TempDir Path copy;

  @TestFactory
  Stream<DynamicTest> equals_its_recording() {
    return GoldenFolder.list(GoldenFolder.area("features")).stream()
        .map(folder ->
            DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
  }

  private static void check(Path folder) {
    assertThat(FeatureVerification.isRecording(folder)).isTrue();
    Outcome outcome = new FeatureVerification(folder).run();
    assertThat(outcome.notCompared()).isEmpty();
    assertThat(outcome.rows())
        .isNotEmpty()
        .allMatch(Row::passed)
        .allMatch(row -> row.absolute() <= closest(row.key()));
  }

  private static double closest(String key) {
    if (key.contains("resized") || key.contains("cropped")) {
      return 0;
    }
    return key.contains("input_features") ? LOG_MEL : key.endsWith("boxes") ? BOX : ROUNDING;
  }

  @Test
  void a_wrong_value_and_a_key_that_nothing_computes_fail() throws Exception {
    Path folder = GoldenFolder.area("features").resolve("wav2vec2-norm");
    Files.copy(
        folder.resolve("preprocessor_config.json"), copy.resolve("preprocessor_config.json"));
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Map<String, String> settings;
      try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
        file.names().forEach(name -> tensors.put(name, file.read(name)));
        settings = file.metadata();
      }
      tensors.compute("output.input_values", (key, value) -> value.add(1e-4));
      tensors.put("output.unheard_of", Tensor.of(new float[] {1}, 1));
      SafetensorsWriter.write(copy.resolve("golden.safetensors"), tensors, settings);
    }
    Outcome outcome = new FeatureVerification(copy).run();
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.notCompared()).containsExactly("golden: output.unheard_of");
    assertThat(outcome.rows())
        .filteredOn(row -> !row.passed())
        .extracting(Row::key)
        .containsExactly("output.input_values");
  }
}
