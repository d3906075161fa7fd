package dev.heed.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.golden.GoldenFolder;
import dev.heed.verify.Verification.Outcome;
import dev.heed.verify.Verification.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files, as models and block by block, against what llama.cpp makes of them. */
@Tag("integration")
class GgufReferenceTest {
  @TempDir Path copy;

  @TestFactory
  Stream<DynamicTest> a_model_equals_its_recording() {
    return GoldenFolder.list(GoldenFolder.area("gguf").resolve("models")).stream()
        .filter(GgufVerification::isRecording)
        .map(folder ->
            DynamicTest.dynamicTest(
                folder.getFileName().toString(), () -> check(new GgufVerification(folder).run())));
  }

  @Test
  void blocks_equal_their_recordings() {
    Path folder = GoldenFolder.area("gguf").resolve("quants");
    assertThat(BlockVerification.isRecording(folder)).isTrue();
    check(new BlockVerification(folder).run());
  }

  private static void check(Outcome outcome) {
    assertThat(outcome.notCompared()).isEmpty();
    assertThat(outcome.rows()).isNotEmpty().allMatch(Row::passed);
  }

  @Test
  void a_changed_block_and_a_changed_token_fail() throws IOException {
    Path blocks = GoldenFolder.area("gguf").resolve("quants").resolve("Q8_0.safetensors");
    byte[] bytes = Files.readAllBytes(blocks);
    bytes[bytes.length - 1] ^= 1;
    Files.write(copy.resolve("Q8_0.safetensors"), bytes);
    assertThat(new BlockVerification(copy).run().passed()).isFalse();

    Path model = Files.createDirectory(copy.resolve("model"));
    Path recorded = GoldenFolder.area("gguf").resolve("models").resolve("golden-llama");
    for (Path file : GoldenFolder.list(recorded)) {
      Files.copy(file, model.resolve(file.getFileName().toString()));
    }
    Path expected = model.resolve("expected.json");
    String text = Files.readString(expected);
    int at = text.indexOf('[', text.indexOf("greedy_dequantized")) + 1;
    Files.writeString(
        expected, text.substring(0, at) + text.substring(at).replaceFirst("\\d+", "100"));
    assertThat(new GgufVerification(model).run().rows())
        .filteredOn(row -> !row.passed())
        .extracting(Row::key)
        .isEqualTo(List.of("greedy_dequantized.0"));
  }
}
