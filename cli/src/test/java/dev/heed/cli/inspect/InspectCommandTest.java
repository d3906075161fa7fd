package dev.heed.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.gguf.GgufTensor;
import dev.heed.checkpoint.gguf.GgufValue;
import dev.heed.checkpoint.gguf.GgufWriter;
import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
  void lists_tensors_and_sums() {
    CommandRun run = CommandRun.heed("inspect", file.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out())
        .contains("a.weight  F32     [2, 3]")
        .contains("2 tensors, 7 parameters, 32 bytes")
        .contains("format: pt");
  }

  @Test
  void gives_the_same_as_json() {
    CommandRun run = CommandRun.heed("inspect", file.toString(), "--json");
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("parameters").asLong()).isEqualTo(7);
    assertThat(report.get("tensors").get(0).get("shape").get(1).asLong()).isEqualTo(3);
    assertThat(report.get("types").get("I64").asLong()).isEqualTo(1);
  }

  @Test
  void a_gguf_file_shows_its_typed_metadata() {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put("general.architecture", GgufValue.of("llama"));
    values.put("llama.block_count", GgufValue.of(2));
    values.put("note", GgufValue.of("two\nlines \u001b[2J"));
    values.put("tokenizer.ggml.scores", GgufValue.of(0.5f, -1f));
    Path gguf = folder.resolve("model.gguf");
    MemorySegment blocks = MemorySegment.ofArray(new byte[3 * 18]);
    GgufWriter.write(
        gguf, values, List.of(GgufTensor.stored("t", StorageType.Q4_0, Shape.of(3, 32), blocks)));
    assertThat(CommandRun.heed("inspect", gguf.toString()).out())
        .contains("t  Q4_0    [3, 32]")
        .contains("1 tensors, 96 parameters, 54 bytes")
        .contains("tokenizer.ggml.scores: f32[2]")
        .contains("note: two\\u000alines \\u001b[2J");
    JsonNode report =
        new JsonMapper().readTree(CommandRun.heed("inspect", gguf.toString(), "--json").out());
    JsonNode metadata = report.get("metadata");
    assertThat(metadata.get("llama.block_count").asInt()).isEqualTo(2);
    assertThat(metadata.get("tokenizer.ggml.scores").get(1).asDouble()).isEqualTo(-1);
    assertThat(report.get("tensors").get(0).get("type").stringValue()).isEqualTo("Q4_0");
  }

  @Test
  void a_broken_file_is_bad_input() throws IOException {
    Files.write(file, new byte[] {1, 2, 3});
    CommandRun run = CommandRun.heed("inspect", file.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("model.safetensors").doesNotContain("at dev.heed");
  }
}
