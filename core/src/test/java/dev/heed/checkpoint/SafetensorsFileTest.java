package dev.heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class SafetensorsFileTest {
  private static final Path RECORDED =
      Path.of("src/test/resources/checkpoint/attention_rollout.safetensors");

  @TempDir Path folder;

  @Test
  void reads_a_file_written_by_hand() {
    byte[] bytes =
        SafetensorsBytes.file(
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[2,3],\"data_offsets\":[0,6]},\"__metadata__\":{\"k\":\"v\"}}  ",
            6);
    bytes[bytes.length - 1] = 7;
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = SafetensorsBytes.open(bytes)) {
      assertThat(file.metadata()).containsExactly(Map.entry("k", "v"));
      assertThat(file.info("a"))
          .isEqualTo(new TensorInfo("a", StorageType.U8, Shape.of(2, 3), 0, 6));
      assertThat(file.read("a").toByteArray()).containsExactly(0, 0, 0, 0, 0, 7);
    }
  }

  @Test
  void orders_tensors_by_their_bytes_and_takes_scalars_and_empty_ones() {
    byte[] bytes =
        SafetensorsBytes.file(
            "{\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[2,6]},"
                + "\"e\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[2,2]},"
                + "\"a\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}",
            6);
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile file = SafetensorsBytes.open(bytes)) {
      assertThat(file.tensors().keySet()).containsExactly("a", "e", "b");
      assertThat(file.read("b").shape()).isEqualTo(Shape.of());
      assertThat(file.read("e").shape()).isEqualTo(Shape.of(0, 5));
      assertThat(file.read("a").toBooleanArray()).containsExactly(false, false);
    }
  }

  @Test
  void lists_every_type_of_the_format_and_refuses_to_read_what_no_tensor_holds() {
    byte[] bytes =
        SafetensorsBytes.file(
            "{\"a\":{\"dtype\":\"F4\",\"shape\":[2,3],\"data_offsets\":[0,3]}}", 3);
    try (SafetensorsFile file = SafetensorsBytes.open(bytes)) {
      assertThat(file.info("a").type()).isEqualTo(StorageType.F4);
      assertThatThrownBy(() -> file.read("a"))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "t.safetensors, tensor \"a\": expected one of F64, F32, F16, BF16, I64, I32, U8, BOOL, C64,"
                  + " got F4. Convert the checkpoint to one of these types.");
    }
  }

  @Test
  void a_truth_value_other_than_0_and_1_is_refused() {
    byte[] bytes =
        SafetensorsBytes.file(
            "{\"a\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]}}", 2);
    bytes[bytes.length - 1] = 2;
    try (SafetensorsFile file = SafetensorsBytes.open(bytes)) {
      assertThatThrownBy(() -> file.read("a")).hasMessageContaining("got 2 at element 1");
    }
  }

  @Test
  void an_unknown_name_is_quoted_and_escaped() {
    try (SafetensorsFile file = SafetensorsBytes.open(SafetensorsBytes.file("{}", 0))) {
      assertThatThrownBy(() -> file.read("a\u001b[31m"))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "t.safetensors: expected one of its 0 tensors, got \"a\\u001b[31m\". `heed inspect` lists their names.");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"C128"},
      mode = EnumSource.Mode.EXCLUDE)
  void a_written_tensor_reads_back_as_it_was(DType dtype) {
    Path path = folder.resolve("t.safetensors");
    try (TensorScope scope = TensorScope.open()) {
      Tensor values = Tensor.of(new float[] {0, 1, 1, 0, 0, 1}, 3, 2).to(dtype);
      SafetensorsWriter.write(path, Map.of("x", values.transpose(0, 1)), Map.of("format", "pt"));
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        Tensor back = file.read("x");
        assertThat(back.dtype()).isEqualTo(dtype);
        assertThat(back.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(back.to(DType.F32).toFloatArray()).containsExactly(0, 1, 0, 1, 0, 1);
        assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
      }
    }
  }

  @Test
  void the_writer_lays_a_file_out_as_the_reference_writer_does() throws IOException {
    Path path = folder.resolve("t.safetensors");
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("b", Tensor.of(new byte[] {1, 2, 3}, 3));
      tensors.put("z", Tensor.of(new double[] {4}, 1));
      tensors.put("a", Tensor.of(new double[] {5}, 1));
      SafetensorsWriter.write(path, tensors, Map.of());
    }
    byte[] bytes = Files.readAllBytes(path);
    String header =
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"z\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[8,16]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[16,19]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    assertThat(new String(bytes, 8, padded.length(), StandardCharsets.UTF_8)).isEqualTo(padded);
    assertThat(bytes).hasSize(8 + padded.length() + 19);
    assertThat(Files.list(folder)).containsExactly(path);
  }

  @Test
  void the_writer_refuses_the_name_that_the_format_keeps() {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> tensors = Map.of("__metadata__", Tensor.of(new float[] {1}, 1));
      assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("t"), tensors, Map.of()))
          .hasMessageContaining("Rename that tensor.");
    }
  }

  @Test
  void a_recorded_file_survives_reading_and_writing_to_the_byte() {
    Path copy = folder.resolve("copy.safetensors");
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile original = SafetensorsFile.open(RECORDED)) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      original.tensors().keySet().forEach(n -> tensors.put(n, original.read(n)));
      SafetensorsWriter.write(copy, tensors, original.metadata());
      try (SafetensorsFile back = SafetensorsFile.open(copy)) {
        assertThat(back.metadata()).isEqualTo(original.metadata());
        assertThat(back.tensors().keySet())
            .containsExactlyInAnyOrderElementsOf(original.tensors().keySet());
        for (String name : original.tensors().keySet()) {
          assertThat(back.bytes(name).mismatch(original.bytes(name))).as(name).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void a_missing_file_and_a_folder_say_so() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none")))
        .hasMessageContaining("expected a regular file, got nothing");
    assertThatThrownBy(() -> SafetensorsFile.open(folder))
        .hasMessageContaining("expected a regular file, got something else");
  }
}
