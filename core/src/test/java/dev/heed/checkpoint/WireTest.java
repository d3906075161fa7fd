package dev.heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire format against Google's library. */
@Tag("unit")
class WireTest {
  private static WireReader reader(byte... bytes) {
    return new WireReader(MemorySegment.ofArray(bytes));
  }

  @Test
  void what_is_written_is_what_the_library_reads() throws IOException {
    byte[] inner = new WireWriter().text(2, "naïve").number(3, -1).toByteArray();
    byte[] bytes =
        new WireWriter()
            .number(1, 300)
            .number(2, Long.MIN_VALUE)
            .float32(1 << 20, -0.1f)
            .float64(16, Math.PI)
            .message(5, new WireWriter().text(2, "naïve").number(3, -1))
            .toByteArray();
    assertThat(UnknownFieldSet.parseFrom(bytes))
        .isEqualTo(
            UnknownFieldSet.newBuilder()
                .addField(1, Field.newBuilder().addVarint(300).build())
                .addField(2, Field.newBuilder().addVarint(Long.MIN_VALUE).build())
                .addField(
                    1 << 20, Field.newBuilder().addFixed32(Float.floatToRawIntBits(-0.1f)).build())
                .addField(
                    16, Field.newBuilder().addFixed64(Double.doubleToRawLongBits(Math.PI)).build())
                .addField(
                    5, Field.newBuilder().addLengthDelimited(ByteString.copyFrom(inner)).build())
                .build());
  }

  @Test
  void what_the_library_writes_is_read() throws IOException {
    byte[] bytes = sample();
    WireReader in = reader(bytes);
    assertThat(in.tag()).isEqualTo(WireReader.tag(1, WireReader.VARINT));
    assertThat(in.varint()).isEqualTo(-7);
    int tag = in.tag();
    assertThat(WireReader.field(tag)).isEqualTo(2);
    in.skip(tag);
    assertThat(in.tag()).isEqualTo(WireReader.tag(3, WireReader.FIXED32));
    assertThat(in.float32()).isEqualTo(1.5f);
    in.skip(in.tag());
    assertThat(in.tag()).isEqualTo(WireReader.tag(5, WireReader.BYTES));
    WireReader part = in.message();
    assertThat(part.tag()).isEqualTo(WireReader.tag(1, WireReader.BYTES));
    assertThat(part.text()).isEqualTo("eight: ∞");
    assertThat(part.isAtEnd()).isTrue();
    assertThat(part.position()).isEqualTo(in.position()).isEqualTo(bytes.length);
    assertThat(in.isAtEnd()).isTrue();
  }

  /** Every kind of value, and a group that holds another. */
  private static byte[] sample() {
    UnknownFieldSet part =
        UnknownFieldSet.newBuilder()
            .addField(
                1,
                Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("eight: ∞")).build())
            .build();
    UnknownFieldSet group =
        UnknownFieldSet.newBuilder()
            .addField(9, Field.newBuilder().addGroup(part).addVarint(1).build())
            .build();
    return UnknownFieldSet.newBuilder()
        .addField(1, Field.newBuilder().addVarint(-7).build())
        .addField(2, Field.newBuilder().addGroup(group).build())
        .addField(3, Field.newBuilder().addFixed32(Float.floatToRawIntBits(1.5f)).build())
        .addField(4, Field.newBuilder().addFixed64(8).build())
        .addField(5, Field.newBuilder().addLengthDelimited(part.toByteString()).build())
        .build()
        .toByteArray();
  }

  @Test
  void damaged_bytes_are_passed_over_or_refused_as_the_library_does() {
    byte[] sample = sample();
    Random random = new Random(20_261_130);
    int passed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(sample, random.nextInt(sample.length + 1));
      for (int k = random.nextInt(3); k > 0 && bytes.length > 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      boolean library = passes(bytes);
      assertThat(skipped(bytes)).as("%s", Arrays.toString(bytes)).isEqualTo(library);
      passed += library ? 1 : 0;
    }
    assertThat(passed).isBetween(1_000, 19_000);
  }

  private static boolean passes(byte[] bytes) {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!in.skipField(tag)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean skipped(byte[] bytes) {
    WireReader in = reader(bytes);
    try {
      while (!in.isAtEnd()) {
        in.skip(in.tag());
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, -1, Long.MIN_VALUE})
  void numbers_come_back(long value) throws IOException {
    WireReader in = reader(new WireWriter().number(1, value).toByteArray());
    in.tag();
    assertThat(in.varint()).isEqualTo(value);
  }

  @Test
  void a_text_must_be_utf_8() {
    byte[] latin = "\u0002é".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> reader((byte) 1, latin[1]).text())
        .isInstanceOf(CharacterCodingException.class);
  }

  @Test
  void a_length_is_checked_before_anything_is_allocated() {
    assertThatThrownBy(() -> reader(new byte[] {-1, -1, -1, -1, 7, 0}).bytes())
        .isInstanceOf(EOFException.class)
        .hasMessage("2147483647 bytes declared, 1 left");
  }
}
