package dev.heed.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.golden.GoldenFolder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every tensor type decodes, and where Heed writes it encodes, to ggml's very bits. */
@Tag("integration")
class QuantsReferenceTest {
  private static final String CONVERSIONS = "float-conversions.safetensors";

  private static Path folder() {
    return GoldenFolder.area("gguf").resolve("quants");
  }

  @TestFactory
  Stream<DynamicTest> every_type_equals_ggml() {
    return GoldenFolder.list(folder()).stream()
        .filter(file -> !file.endsWith(CONVERSIONS))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      GgufType type =
          GgufType.of("recording", Integer.parseInt(file.metadata().getOrDefault("type_id", "")));
      assertThat(type.name()).isEqualTo(file.metadata().get("type"));
      assertThat(type.storage().name()).isEqualTo(file.metadata().get("type"));
      assertThat(type.storage().block() + "").isEqualTo(file.metadata().get("block_size"));
      assertThat(type.storage().bits() / 8 + "").isEqualTo(file.metadata().get("type_size"));
      assertBits(decode(type, file.bytes("random.bytes")), file.bytes("random.values"));
      assertBits(decode(type, file.bytes("quantized")), file.bytes("dequantized"));
      if (type.encoder().isPresent()) {
        assertThat(encode(type, file.bytes("source"))).isEqualTo(bytes(file, "quantized"));
      }
    }
  }

  @Test
  void half_and_brain_floats_round_to_nearest_even() {
    try (SafetensorsFile file = SafetensorsFile.open(folder().resolve(CONVERSIONS))) {
      for (GgufType type : new GgufType[] {GgufType.F16, GgufType.BF16}) {
        assertThat(encode(type, file.bytes("source"))).isEqualTo(bytes(file, type + ".bytes"));
        assertBits(decode(type, file.bytes(type + ".bytes")), file.bytes(type + ".values"));
      }
    }
  }

  private static float[] decode(GgufType type, MemorySegment stored) {
    int blockBytes = type.storage().bits() / 8;
    float[] values = new float[(int) (stored.byteSize() / blockBytes * type.storage().block())];
    BlockReader.decode(
        type.decoder().orElseGet(() -> type == GgufType.F16 ? HALF : BRAIN),
        type.storage(),
        stored,
        MemorySegment.ofArray(values));
    return values;
  }

  private static final BlockDecoder HALF =
      (bytes, at, values, to) -> values[to] = BlockDecoder.half(bytes, at);
  private static final BlockDecoder BRAIN =
      (bytes, at, values, to) ->
          values[to] = Float.intBitsToFloat(BlockDecoder.unsigned16(bytes, at) << 16);

  private static byte[] encode(GgufType type, MemorySegment source) {
    float[] values =
        source.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    int blockBytes = type.storage().bits() / 8;
    int blocks = values.length / type.storage().block();
    byte[] bytes = new byte[blocks * blockBytes];
    BlockEncoder encoder = type.encoder().orElseThrow();
    for (int i = 0; i < blocks; i++) {
      encoder.encode(values, i * type.storage().block(), bytes, i * blockBytes);
    }
    return bytes;
  }

  private static byte[] bytes(SafetensorsFile file, String name) {
    return file.bytes(name).toArray(ValueLayout.JAVA_BYTE);
  }

  private static void assertBits(float[] actual, MemorySegment expected) {
    int[] bits = new int[actual.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(actual[i]);
    }
    assertThat(bits)
        .isEqualTo(
            expected.toArray(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN)));
  }
}
