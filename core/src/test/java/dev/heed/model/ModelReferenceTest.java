package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.RecordedReference;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.tensor.DType;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recorded model: each output, loss and gradient equals the reference's. */
@Tag("integration")
class ModelReferenceTest {
  @TempDir Path folder;

  private static Path models() throws Exception {
    return Path.of(
        Objects.requireNonNull(ModelReferenceTest.class.getResource("/golden/models")).toURI());
  }

  @TestFactory
  Stream<DynamicTest> equals_its_reference() throws Exception {
    List<Path> found;
    try (Stream<Path> folders = Files.list(models())) {
      found = folders.sorted().toList();
    }
    assertThat(found).hasSizeGreaterThanOrEqualTo(4);
    return found.stream()
        .map(model ->
            DynamicTest.dynamicTest(
                model.getFileName().toString(),
                () -> {
                  Verification.Outcome outcome =
                      new Verification(
                              RecordedReference.open(model),
                              Verification.USUAL_TOLERANCE,
                              DType.F32)
                          .run();
                  assertThat(outcome.notCompared()).isEmpty();
                  assertThat(outcome.rows())
                      .isNotEmpty()
                      .allMatch(Verification.Row::passed)
                      .anyMatch(row -> row.key().startsWith("grad."));
                }));
  }

  /** Whichever engine computes: outputs, states, attention, decoding and generation. */
  @TestFactory
  Stream<DynamicTest> equals_its_reference_on_the_java_engine() throws Exception {
    List<Path> found;
    try (Stream<Path> folders = Files.list(models())) {
      found = folders.sorted().toList();
    }
    return found.stream()
        .map(model ->
            DynamicTest.dynamicTest(
                model.getFileName().toString(),
                () -> {
                  Verification.Outcome outcome =
                      EngineChoice.during(
                          EngineChoice.Kind.JAVA,
                          () ->
                              new Verification(
                                      RecordedReference.open(model),
                                      Verification.USUAL_TOLERANCE,
                                      DType.F32)
                                  .run());
                  assertThat(outcome.notCompared()).isEmpty();
                  assertThat(outcome.beyondEngine())
                      .isNotEmpty()
                      .allMatch(key -> key.contains(": grad."));
                  assertThat(outcome.rows()).isNotEmpty().allMatch(Verification.Row::passed);
                }));
  }

  @Test
  void a_tolerance_below_rounding_fails_and_says_where() throws Exception {
    Verification.Outcome outcome =
        new Verification(RecordedReference.open(models().resolve("bert-qa")), 1e-9, DType.F32)
            .run();
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.rows()).anyMatch(row -> !row.passed() && row.relative() > 1e-9);
  }

  @Test
  void a_wrong_value_and_a_key_that_nothing_computes_fail() throws Exception {
    Path copy = copy("bert-ner");
    Path golden = copy.resolve("golden.safetensors");
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Map<String, String> settings;
      try (SafetensorsFile file = SafetensorsFile.open(golden)) {
        file.names().forEach(name -> tensors.put(name, file.read(name)));
        settings = file.metadata();
      }
      tensors.compute("output.logits", (key, value) -> value.mul(1.001));
      tensors.put("output.unheard_of", Tensor.of(new float[] {1}, 1));
      tensors.put("grad.bert.unheard_of", Tensor.of(new float[] {1}, 1));
      Files.delete(golden);
      SafetensorsWriter.write(golden, tensors, settings);
    }
    Verification.Outcome outcome =
        new Verification(RecordedReference.open(copy), Verification.USUAL_TOLERANCE, DType.F32)
            .run();
    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.notCompared())
        .containsExactly("golden: grad.bert.unheard_of", "golden: output.unheard_of");
    assertThat(outcome.rows())
        .filteredOn(row -> !row.passed())
        .extracting(Verification.Row::key)
        .containsExactly("output.logits");
  }

  @Test
  void an_architecture_that_heed_lacks_is_named() throws Exception {
    Path copy = copy("bert-ner");
    Files.writeString(
        copy.resolve("config.json"),
        "{\"model_type\": \"bert\", \"architectures\": [\"PerceiverModel\"]}");
    Verification verification = new Verification(RecordedReference.open(copy), 10, DType.F32);
    assertThatThrownBy(verification::run)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("BertForPreTraining")
        .hasMessageContaining("PerceiverModel");
  }

  private Path copy(String model) throws Exception {
    try (Stream<Path> files = Files.list(models().resolve(model))) {
      files.forEach(file -> {
        try {
          Files.copy(file, folder.resolve(file.getFileName()));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
    }
    return folder;
  }
}
