package dev.heed.checkpoint.gguf;

import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.Hostile;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class GgufFileTest {
  private static final long SEED = 20_261_129;

  @TempDir private Path folder;

  /** Values of every type, and tensors plain and in blocks. */
  private static byte[] valid() {
    GgufBytes file = GgufBytes.header(3, 13);
    file.text("u8").number(0).raw((byte) 200);
    file.text("i8").number(1).raw((byte) -3);
    file.text("u16").number(2).raw((byte) 0xff, (byte) 0xff);
    file.text("i16").number(3).raw((byte) 0xfe, (byte) 0xff);
    file.text("u32").number(4).number(-1);
    file.text("i32").number(5).number(-1);
    file.text("f32").number(6).number(Float.floatToIntBits(1.5f));
    file.text("bool").number(7).raw((byte) 1);
    file.text("string").number(8).text("tête");
    file.text("strings").number(9).number(8).count(2).text("a").text("");
    file.text("u64").number(10).count(-1);
    file.text("i64").number(11).count(-7);
    file.text("f64").number(12).count(Double.doubleToLongBits(0.1));
    file.tensor("plain", 0, 0, 3, 2).tensor("blocks", 8, 32, 32, 2).tensor("empty", 0, 128, 0);
    byte[] bytes = file.data(32, 128);
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(bytes.length - 128);
    for (int i = 0; i < 6; i++) {
      data.set(GgufCursor.INT, 4L * i, Float.floatToIntBits(i + 0.5f));
    }
    // Two blocks of 32 values: scales 0.5 and 2, values 1 and -1 first.
    bytes[bytes.length - 96 + 1] = 0x38;
    bytes[bytes.length - 96 + 2] = 1;
    bytes[bytes.length - 62 + 1] = 0x40;
    bytes[bytes.length - 62 + 2] = -1;
    return bytes;
  }

  @Test
  void values_keep_their_types() {
    GgufMetadata values = GgufBytes.open(valid()).values();
    assertThat(values.get("u8").integer()).isEqualTo(200);
    assertThat(values.get("i8").integer()).isEqualTo(-3);
    assertThat(values.get("u16").integer()).isEqualTo(65_535);
    assertThat(values.get("i16").integer()).isEqualTo(-2);
    assertThat(values.get("u32").integer()).isEqualTo(4_294_967_295L);
    assertThat(values.get("i32").integer()).isEqualTo(-1);
    assertThat(values.get("f32").number()).isEqualTo(1.5);
    assertThat(values.get("bool").flag()).isTrue();
    assertThat(values.get("string").text()).isEqualTo("tête");
    assertThat(values.get("strings").texts()).containsExactly("a", "");
    assertThat(values.get("i64").integer()).isEqualTo(-7);
    assertThat(values.get("f64").number()).isEqualTo(0.1);
    assertThat(values.toJson().get("u64").bigIntegerValue())
        .isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(values.get("strings")).hasToString("string[2]");
  }

  @Test
  void a_value_of_another_type_is_refused_by_name() {
    GgufMetadata values = GgufBytes.open(valid()).values();
    assertThatThrownBy(() -> values.get("u64").integer())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("metadata \"u64\": expected a whole number below 2^63");
    assertThatThrownBy(() -> values.get("string").integer())
        .hasMessageContaining("expected a whole number, got string");
    assertThatThrownBy(() -> values.get("strings").text())
        .hasMessageContaining("expected a string, got a list, string[2]");
    assertThatThrownBy(() -> values.get("missing")).hasMessageContaining("\"missing\", got none");
  }

  @Test
  void tensors_have_our_order_of_sizes() throws IOException {
    Path path = Files.write(folder.resolve("m.gguf"), valid());
    try (TensorScope scope = TensorScope.open();
        CheckpointSource file = Checkpoint.open(path)) {
      assertThat(file.info("plain"))
          .isEqualTo(new TensorInfo("plain", StorageType.F32, Shape.of(2, 3), 0, 24));
      assertThat(file.info("blocks").type()).isEqualTo(StorageType.Q8_0);
      assertThat(file.dtype("blocks")).isEqualTo(DType.F32);
      assertValues(file.read("plain"), 0.5, 1.5, 2.5, 3.5, 4.5, 5.5);
      float[] blocks = file.read("blocks").toFloatArray();
      assertThat(blocks).hasSize(64);
      assertThat(blocks[0]).isEqualTo(0.5f);
      assertThat(blocks[32]).isEqualTo(-2f);
      assertThat(((GgufFile) file).read("blocks", 1).toFloatArray()[0]).isEqualTo(-2f);
      assertThat(file.read("empty").shape()).isEqualTo(Shape.of(0));
      assertThat(file.metadata()).containsEntry("u32", "4294967295").containsEntry("bool", "true");
    }
  }

  @Test
  void what_is_written_is_read_back() {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put("general.architecture", GgufValue.of("none"));
    values.put("n", GgufValue.of(7));
    values.put("x", GgufValue.of(0.25f));
    values.put("yes", GgufValue.of(true));
    values.put("tokens", GgufValue.of(List.of("a", "é", "")));
    values.put("scores", GgufValue.of(1f, -2f));
    values.put("types", GgufValue.of(new int[] {3, -1}));
    Path path = folder.resolve("w.gguf");
    try (TensorScope scope = TensorScope.open()) {
      float[] numbers = new float[3 * 64];
      Random random = new Random(SEED);
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      Tensor tensor = Tensor.of(numbers, 3, 64);
      List<StorageType> types =
          List.of(
              StorageType.F32,
              StorageType.F16,
              StorageType.BF16,
              StorageType.Q8_0,
              StorageType.Q4_0);
      GgufWriter.write(
          path,
          values,
          types.stream()
              .map(type ->
                  GgufTensor.encoded(type.name(), type, tensor.shape(), () -> tensor.alias()))
              .toList());
      try (GgufFile file = GgufFile.open(path)) {
        assertThat(file.values().toJson().toString())
            .isEqualTo(
                "{\"general.architecture\":\"none\",\"n\":7,\"x\":0.25,\"yes\":true,"
                    + "\"tokens\":[\"a\",\"é\",\"\"],\"scores\":[1.0,-2.0],\"types\":[3,-1]}");
        double[] allowed = {0, 1e-3, 8e-3, 2e-2, 0.3};
        for (int i = 0; i < allowed.length; i++) {
          float[] read = file.read(types.get(i).name()).to(DType.F32).toFloatArray();
          for (int j = 0; j < read.length; j++) {
            assertThat((double) Math.abs(read[j] - numbers[j]))
                .as("%s[%d]", types.get(i), j)
                .isLessThanOrEqualTo(allowed[i] * Math.max(1, Math.abs(numbers[j])));
          }
        }
      }
    }
  }

  @Test
  void what_a_type_cannot_hold_is_not_written() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor large = Tensor.of(new float[] {1e6f}, 1);
      assertThatThrownBy(
              () -> write(GgufTensor.encoded("t", StorageType.F16, large.shape(), large::alias)))
          .hasMessageContaining("\"t\": expected numbers within ±65504.0, which F16 can hold, got");
      assertThatThrownBy(
              () -> GgufTensor.encoded("t", StorageType.Q4_K, large.shape(), large::alias))
          .hasMessageContaining("one of F32, F16, BF16, Q8_0, Q4_0 to write, got Q4_K");
      assertThatThrownBy(
              () -> GgufTensor.encoded("t", StorageType.Q8_0, large.shape(), large::alias))
          .hasMessageContaining("not whole blocks of 32");
    }
    assertThat(folder.toFile().list()).isEmpty();
  }

  private void write(GgufTensor tensor) {
    GgufWriter.write(folder.resolve("x.gguf"), new LinkedHashMap<>(), List.of(tensor));
  }

  @Test
  void a_damaged_file_is_read_or_refused() {
    assertThat(Hostile.fuzz(valid(), SEED, 4000, GgufFileTest::readAll)).isGreaterThan(1000);
  }

  @Test
  @Tag("soak")
  void a_hundred_thousand_damaged_files() {
    assertThat(Hostile.fuzz(valid(), SEED, 100_000, GgufFileTest::readAll)).isGreaterThan(25_000);
  }

  private static Object readAll(byte[] bytes) {
    try (TensorScope scope = TensorScope.open();
        GgufFile file = GgufBytes.open(bytes)) {
      file.names().forEach(file::read);
      var _ = file.values().toJson();
      return file.metadata();
    }
  }
}
