package dev.heed.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class InspectCommandTest {
  @TempDir private Path folder;
  private Path file;

  /** Two tensors by hand: 2 × 3 floats and one 64-bit integer. */
  @BeforeEach
  void write() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[24,32]}}";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(8 + text.length + 32).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    file = Files.write(folder.resolve("model.safetensors"), bytes.array());
  }

  @Test
  void listsTensorsAndSums() {
    CommandRun run = CommandRun.heed("inspect", file.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("a.weight  F32   [2, 3]")
        .contains("2 tensors, 7 parameters, 32 bytes")
        .contains("format: pt");
  }

  @Test
  void givesTheSameAsJson() {
    CommandRun run = CommandRun.heed("inspect", file.toString(), "--json");
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("parameters").asLong()).isEqualTo(7);
    assertThat(report.get("tensors").get(0).get("shape").get(1).asLong()).isEqualTo(3);
    assertThat(report.get("types").get("I64").asLong()).isEqualTo(1);
  }

  @Test
  void aBrokenFileIsBadInput() throws IOException {
    Files.write(file, new byte[] {1, 2, 3});
    CommandRun run = CommandRun.heed("inspect", file.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("model.safetensors").doesNotContain("at dev.heed");
  }
}
