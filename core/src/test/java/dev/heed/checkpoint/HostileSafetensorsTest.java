package dev.heed.checkpoint;

import static dev.heed.checkpoint.CheckpointException.Kind;
import static dev.heed.checkpoint.SafetensorsBytes.file;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are not what they claim to be: each is refused with its kind, at once, without
 * allocating what it declares.
 */
@Tag("unit")
class HostileSafetensorsTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  @Timeout(1)
  void is_refused(String name, byte[] bytes, Kind kind, String message) {
    Hostile.assertRefused(bytes, kind, message, b -> SafetensorsBytes.open(b));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        of("empty", new byte[0], Kind.TRUNCATED, "expected at least 8 bytes, got 0"),
        of("seven bytes", new byte[7], Kind.TRUNCATED, "got 7"),
        of("no header", file("", 0), Kind.MALFORMED, "a header that begins with {"),
        of("negative length", file(-1, new byte[2], 0), Kind.TOO_LARGE, "got 18446744073709551615"),
        of(
            "length above the cap",
            file(100_000_001, new byte[2], 0),
            Kind.TOO_LARGE,
            "at most 100000000 bytes"),
        of(
            "length beyond the file",
            file(100_000_000, "{}".getBytes(StandardCharsets.UTF_8), 0),
            Kind.TRUNCATED,
            "2 bytes after its length"),
        of(
            "header cut",
            file("{\"a\":{\"dtype\":\"U8\",", 0),
            Kind.MALFORMED,
            "expected valid JSON"),
        of("space first", file(" {}", 0), Kind.MALFORMED, "begins with {, got byte 32"),
        of("array", file("[]", 0), Kind.MALFORMED, "begins with {, got byte 91"),
        of(
            "newline as padding",
            file("{}\n", 0),
            Kind.MALFORMED,
            "an object that only spaces follow"),
        of("zero as padding", file("{}\0", 0), Kind.MALFORMED, "expected"),
        of("second object", file("{}{}", 0), Kind.MALFORMED, "nothing after the header's object"),
        of(
            "not UTF-8",
            file(4, new byte[] {'{', '"', (byte) 0xff, '"'}, 0),
            Kind.MALFORMED,
            "expected UTF-8"),
        of(
            "overlong UTF-8",
            file(6, new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', '}'}, 0),
            Kind.MALFORMED,
            "expected UTF-8"),
        of(
            "same tensor twice",
            one(
                "U8",
                "[1]",
                "[0,1]",
                "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[1,1]},",
                1),
            Kind.DUPLICATE,
            "each name once"),
        of(
            "same key twice in a tensor",
            file(
                "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
                1),
            Kind.DUPLICATE,
            "each name once"),
        of(
            "same metadata twice",
            file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0),
            Kind.DUPLICATE,
            "each name once"),
        of(
            "metadata of numbers",
            file("{\"__metadata__\":{\"a\":1}}", 0),
            Kind.MALFORMED,
            "a string in __metadata__"),
        of(
            "metadata null",
            file("{\"__metadata__\":null}", 0),
            Kind.MALFORMED,
            "an object of strings"),
        of(
            "unknown dtype",
            one("F33", "[1]", "[0,1]", "", 1),
            Kind.UNKNOWN_TYPE,
            "one of BOOL, F4"),
        of(
            "dtype in lower case",
            one("f32", "[1]", "[0,4]", "", 4),
            Kind.UNKNOWN_TYPE,
            "got \"f32\""),
        of(
            "dtype a number",
            file("{\"a\":{\"dtype\":1,\"shape\":[1],\"data_offsets\":[0,1]}}", 1),
            Kind.MALFORMED,
            "a string as dtype"),
        of(
            "no shape",
            file("{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1),
            Kind.MALFORMED,
            "shape null"),
        of(
            "unknown field",
            file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":1}}", 1),
            Kind.MALFORMED,
            "got \"x\""),
        of("three offsets", one("U8", "[1]", "[0,1,1]", "", 1), Kind.MALFORMED, "two data_offsets"),
        of("one offset", one("U8", "[1]", "[0]", "", 1), Kind.MALFORMED, "two data_offsets"),
        of(
            "negative size",
            one("U8", "[-1]", "[0,1]", "", 1),
            Kind.VALUE,
            "numbers from 0 to 2^63-1, got \"-1\""),
        of("fractional size", one("U8", "[1.0]", "[0,1]", "", 1), Kind.MALFORMED, "whole numbers"),
        of(
            "size beyond a long",
            one("U8", "[9223372036854775808]", "[0,1]", "", 1),
            Kind.VALUE,
            "numbers from 0 to 2^63-1"),
        of(
            "number of a thousand digits",
            one("U8", "[" + "1".repeat(1000) + "]", "[0,1]", "", 1),
            Kind.TOO_LARGE,
            "bounded"),
        of(
            "product overflows",
            one("U8", "[4294967296,4294967296]", "[0,1]", "", 1),
            Kind.SHAPE,
            "overflows"),
        of(
            "bytes overflow",
            one("F64", "[2305843009213693952]", "[0,1]", "", 1),
            Kind.SHAPE,
            "overflows"),
        of(
            "huge shape, small span",
            one("F32", "[1000000,100000]", "[0,4]", "", 4),
            Kind.SHAPE,
            "400000000000 bytes"),
        of("half a byte", one("F4", "[3]", "[0,1]", "", 1), Kind.SHAPE, "whole bytes"),
        of(
            "too many dimensions",
            one("U8", "[" + "1,".repeat(64) + "1]", "[0,1]", "", 1),
            Kind.TOO_LARGE,
            "at most 64"),
        of("span too short", one("F32", "[2]", "[0,4]", "", 4), Kind.SHAPE, "expected 8 bytes"),
        of("end before begin", one("U8", "[1]", "[1,0]", "", 1), Kind.LAYOUT, "begin at 0"),
        of("hole at the start", one("U8", "[1]", "[1,2]", "", 2), Kind.LAYOUT, "begin at 0"),
        of(
            "hole between",
            one(
                "U8",
                "[1]",
                "[0,1]",
                "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]},",
                3),
            Kind.LAYOUT,
            "begin at 1"),
        of(
            "overlap",
            one(
                "U8",
                "[2]",
                "[0,2]",
                "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]},",
                3),
            Kind.LAYOUT,
            "begin at 2"),
        of(
            "same bytes twice",
            one(
                "U8",
                "[2]",
                "[0,2]",
                "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},",
                2),
            Kind.LAYOUT,
            "begin at 2"),
        of(
            "data missing",
            one("U8", "[5]", "[0,5]", "", 4),
            Kind.TRUNCATED,
            "expected 5 bytes of data"),
        of(
            "data left over",
            one("U8", "[5]", "[0,5]", "", 6),
            Kind.LAYOUT,
            "expected 5 bytes of data"),
        of(
            "deep nesting",
            file("{\"a\":".repeat(100) + "1" + "}".repeat(100), 0),
            Kind.MALFORMED,
            "dtype, shape and data_offsets"),
        of(
            "deep array",
            one("U8", "[".repeat(10_000), "[0,1]", "", 1),
            Kind.MALFORMED,
            "whole numbers"),
        of("long name", file("{\"" + "n".repeat(70_000) + "\":1}", 0), Kind.TOO_LARGE, "bounded"),
        of(
            "escape sequences in a name",
            one("F33", "[1]", "[0,1]", "\"\\u001b[2J\":{\"dtype\":\"?\"},", 1),
            Kind.UNKNOWN_TYPE,
            "\\u001b[2J"));
  }

  private static byte[] one(String dtype, String shape, String offsets, String before, int data) {
    return file(
        "{"
            + before
            + "\"a\":{\"dtype\":\""
            + dtype
            + "\",\"shape\":"
            + shape
            + ",\"data_offsets\":"
            + offsets
            + "}}",
        data);
  }

  private static Arguments of(String name, byte[] bytes, Kind kind, String message) {
    return Arguments.of(name, bytes, kind, message);
  }
}
