package dev.heed.checkpoint;

import static dev.heed.checkpoint.CheckpointException.Kind;
import static dev.heed.checkpoint.OnnxBytes.bytes;
import static dev.heed.checkpoint.OnnxBytes.floats;
import static dev.heed.checkpoint.OnnxBytes.message;
import static dev.heed.checkpoint.OnnxBytes.model;
import static dev.heed.checkpoint.OnnxBytes.number;
import static dev.heed.checkpoint.OnnxBytes.raw;
import static dev.heed.checkpoint.OnnxBytes.text;

import com.google.protobuf.UnknownFieldSet;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("unit")
class HostileOnnxTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  @Timeout(1)
  void is_refused(String name, byte[] bytes, Kind kind, String message) {
    Hostile.assertRefused(bytes, kind, message, OnnxBytes::open);
  }

  static Stream<Arguments> files() {
    UnknownFieldSet.Builder pair = raw("w", 1, floats(1, 2), 2);
    byte[] valid = model(pair);
    return Stream.of(
        Arguments.of("empty", new byte[0], Kind.MALFORMED, "an ONNX model with a graph"),
        Arguments.of(
            "no graph",
            message().addField(1, number(6)).build().toByteArray(),
            Kind.MALFORMED,
            "with a graph"),
        Arguments.of(
            "text",
            "hello, this is not a model".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            Kind.MALFORMED,
            "protobuf's wire format"),
        Arguments.of(
            "cut",
            Arrays.copyOf(valid, valid.length - 3),
            Kind.TRUNCATED,
            "protobuf's wire format"),
        Arguments.of(
            "graph of two gigabytes",
            new byte[] {0x3a, -1, -1, -1, -1, 7},
            Kind.TRUNCATED,
            "2147483647 bytes declared, 0 left"),
        Arguments.of(
            "graph of negative length",
            new byte[] {0x3a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
            Kind.TRUNCATED,
            "4294967295 bytes declared"),
        Arguments.of(
            "endless varint",
            new byte[] {0x3a, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1},
            Kind.MALFORMED,
            "varint"),
        Arguments.of("tag zero", new byte[] {0, 0, 0}, Kind.MALFORMED, "invalid tag"),
        Arguments.of("wire type 7", new byte[] {0x0f, 1}, Kind.MALFORMED, "wire type"),
        Arguments.of(
            "group that only ends",
            new byte[] {0x0c},
            Kind.MALFORMED,
            "end-group tag did not match"),
        Arguments.of("groups nested deep", groups(10_000), Kind.MALFORMED, "nesting"),
        Arguments.of(
            "data shorter than its shape",
            model(raw("w", 1, floats(1, 2), 3)),
            Kind.SHAPE,
            "expected 12 bytes for F32[3]"),
        Arguments.of(
            "data longer than its shape",
            model(raw("w", 1, floats(1, 2), 1)),
            Kind.SHAPE,
            "expected 4 bytes"),
        Arguments.of(
            "huge shape",
            model(raw("w", 1, floats(1), 1L << 40, 1L << 40)),
            Kind.SHAPE,
            "overflows"),
        Arguments.of(
            "large shape",
            model(raw("w", 1, floats(1), 1L << 40)),
            Kind.SHAPE,
            "4398046511104 bytes"),
        Arguments.of("negative size", model(raw("w", 1, floats(1), -1)), Kind.SHAPE, "negative"),
        Arguments.of(
            "too many dimensions",
            model(raw("w", 1, floats(1), new long[65])),
            Kind.TOO_LARGE,
            "at most 64"),
        Arguments.of(
            "no type",
            model(
                message()
                    .addField(1, number(1))
                    .addField(8, text("w"))
                    .addField(9, bytes(floats(1)))),
            Kind.UNKNOWN_TYPE,
            "got 0"),
        Arguments.of(
            "strings",
            model(
                message()
                    .addField(1, number(1))
                    .addField(2, number(8))
                    .addField(6, text("a"))
                    .addField(8, text("w"))),
            Kind.UNSUPPORTED,
            "strings"),
        Arguments.of(
            "data outside",
            model(raw("w", 1, floats(1), 1).addField(14, number(1))),
            Kind.UNSUPPORTED,
            "data in another file"),
        Arguments.of(
            "path to data outside",
            model(raw("w", 1, floats(1), 1).addField(13, text("/etc/passwd"))),
            Kind.UNSUPPORTED,
            "data in another file"),
        Arguments.of(
            "two data fields",
            model(raw("w", 1, floats(1), 1).addField(4, bytes(floats(1)))),
            Kind.UNSUPPORTED,
            "one packed field"),
        Arguments.of(
            "data in the wrong field",
            model(
                message()
                    .addField(1, number(1))
                    .addField(2, number(1))
                    .addField(7, bytes(new byte[] {1}))
                    .addField(8, text("w"))),
            Kind.SHAPE,
            "in field 7"),
        Arguments.of(
            "two tensors of one name",
            model(new UnknownFieldSet.Builder[] {pair, pair}),
            Kind.DUPLICATE,
            "\"w\" twice"),
        Arguments.of(
            "sparse",
            message()
                .addField(7, bytes(message().addField(15, text("")).build().toByteArray()))
                .build()
                .toByteArray(),
            Kind.UNSUPPORTED,
            "a sparse one"),
        Arguments.of(
            "name of 70,000 bytes",
            model(raw("n".repeat(70_000), 1, floats(1), 1)),
            Kind.MALFORMED,
            "a name of 70000 bytes"));
  }

  private static byte[] groups(int depth) {
    byte[] bytes = new byte[depth];
    Arrays.fill(bytes, (byte) 0x0b);
    return bytes;
  }
}
