package dev.heed.checkpoint.gguf;

import static dev.heed.checkpoint.gguf.GgufBytes.header;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Hostile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are not what they claim to be: each is refused with its kind, at once. */
@Tag("unit")
class HostileGgufTest {
  private static final int F32 = 0;
  private static final int Q8_0 = 8;
  private static final long HUGE = Long.MAX_VALUE;

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  @Timeout(1)
  void is_refused(String name, byte[] bytes, Kind kind, String message) {
    Hostile.assertRefused(bytes, kind, message, b -> GgufBytes.open(b));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        of("empty", new byte[0], Kind.TRUNCATED, "4 bytes for the mark GGUF"),
        of("another mark", new GgufBytes().mark("GGML").bytes(), Kind.MALFORMED, "the mark GGUF"),
        of("no version", new GgufBytes().mark("GGUF").bytes(), Kind.TRUNCATED, "the version"),
        of(
            "version 1",
            new GgufBytes().mark("GGUF").number(1).count(0).count(0).bytes(),
            Kind.UNSUPPORTED,
            "version 2 or 3, got version 1"),
        of(
            "big endian",
            new GgufBytes().mark("GGUF").number(3 << 24).count(0).count(0).bytes(),
            Kind.UNSUPPORTED,
            "a little-endian file"),
        of("countless tensors", header(-1, 0).bytes(), Kind.TRUNCATED, "18446744073709551615"),
        of("many tensors", header(HUGE, 0).bytes(), Kind.TRUNCATED, HUGE + " tensors"),
        of("many values", header(0, HUGE).bytes(), Kind.TRUNCATED, HUGE + " values"),
        of(
            "a name beyond the file",
            header(0, 1).count(HUGE).number(0).raw((byte) 0).bytes(),
            Kind.TRUNCATED,
            "bytes of a value's name"),
        of(
            "a long name",
            header(0, 1).text("n".repeat(70_000)).number(7).raw((byte) 0).bytes(),
            Kind.TOO_LARGE,
            "at most 65535 bytes"),
        of(
            "a name that is not UTF-8",
            header(0, 1).count(1).raw((byte) 0xff).number(4).number(1).bytes(),
            Kind.MALFORMED,
            "expected UTF-8"),
        of(
            "an unknown type of value",
            header(0, 1).text("k").number(13).count(0).bytes(),
            Kind.UNKNOWN_TYPE,
            "from 0 to 12, got 13"),
        of(
            "the same name twice",
            header(0, 2).text("k").number(4).number(1).text("k").number(4).number(1).bytes(),
            Kind.DUPLICATE,
            "metadata \"k\""),
        of(
            "a truth value of 2",
            header(0, 1).text("k").number(7).raw((byte) 2).bytes(),
            Kind.VALUE,
            "truth values 0 and 1, got 2"),
        of(
            "a list beyond the file",
            header(0, 1).text("k").number(9).number(4).count(HUGE).bytes(),
            Kind.TRUNCATED,
            HUGE + " elements of at least 4 bytes"),
        of(
            "strings beyond the file",
            header(0, 1).text("k").number(9).number(8).count(2).count(0).count(99).bytes(),
            Kind.TRUNCATED,
            "99 bytes of a list's string"),
        of(
            "a list of lists",
            header(0, 1).text("k").number(9).number(9).count(1).bytes(),
            Kind.UNSUPPORTED,
            "a list of single values"),
        of(
            "alignment 0",
            header(0, 1).text("general.alignment").number(4).number(0).bytes(),
            Kind.VALUE,
            "a power of two"),
        of(
            "alignment 24",
            header(0, 1).text("general.alignment").number(4).number(24).bytes(),
            Kind.VALUE,
            "a power of two"),
        of(
            "alignment as text",
            header(0, 1).text("general.alignment").number(8).text("32").bytes(),
            Kind.VALUE,
            "a whole number"),
        of(
            "one of three parts",
            header(0, 1).text("split.count").number(2).raw((byte) 3, (byte) 0).bytes(),
            Kind.UNSUPPORTED,
            "one of 3 parts"),
        of(
            "five sizes",
            header(1, 0).tensor("t", F32, 0, 1, 1, 1, 1, 1).data(32, 32),
            Kind.TOO_LARGE,
            "at most 4 sizes, got 5"),
        of(
            "a number of sizes beyond an int",
            header(1, 0).text("t").number(-1).count(0).number(0).count(0).bytes(),
            Kind.TOO_LARGE,
            "got 4294967295"),
        of(
            "a removed type",
            header(1, 0).tensor("t", 4, 0, 32).data(32, 32),
            Kind.UNKNOWN_TYPE,
            "Q4_0 (2)"),
        of(
            "a negative size",
            header(1, 0).tensor("t", F32, 0, -1).data(32, 32),
            Kind.SHAPE,
            "negative"),
        of(
            "sizes that overflow",
            header(1, 0).tensor("t", F32, 0, 1L << 32, 1L << 32).data(32, 32),
            Kind.SHAPE,
            "overflows"),
        of(
            "rows that are not whole blocks",
            header(1, 0).tensor("t", Q8_0, 0, 33).data(32, 96),
            Kind.SHAPE,
            "not whole blocks of 32"),
        of(
            "a block type without sizes",
            header(1, 0).tensor("t", Q8_0, 0).data(32, 64),
            Kind.SHAPE,
            "not whole blocks"),
        of(
            "a tensor beyond the file",
            header(1, 0).tensor("t", F32, 0, 1 << 20).data(32, 4),
            Kind.TRUNCATED,
            "4194304 bytes for tensor \"t\""),
        of(
            "a tensor that ends beyond the file",
            header(1, 0).tensor("t", F32, 0, 9).data(32, 32),
            Kind.TRUNCATED,
            "a file of at least"),
        of(
            "an offset that is not 0",
            header(1, 0).tensor("t", F32, 32, 1).data(32, 64),
            Kind.LAYOUT,
            "to begin at 0"),
        of(
            "an offset that overflows",
            header(1, 0).tensor("t", F32, -4, 1).data(32, 4),
            Kind.LAYOUT,
            "got 18446744073709551612"),
        of(
            "overlapping tensors",
            header(2, 0).tensor("a", F32, 0, 9).tensor("b", F32, 32, 1).data(32, 96),
            Kind.LAYOUT,
            "tensor \"b\" to begin at 64"),
        of(
            "the same tensor twice",
            header(2, 0).tensor("a", F32, 0, 1).tensor("a", F32, 32, 1).data(32, 36),
            Kind.DUPLICATE,
            "tensor \"a\""),
        of(
            "bytes left over",
            header(1, 0).tensor("t", F32, 0, 1).data(32, 33),
            Kind.LAYOUT,
            "a file of at most"),
        of(
            "escape sequences in a name",
            header(1, 0).tensor("\u001b[2J", 99, 0, 1).data(32, 32),
            Kind.UNKNOWN_TYPE,
            "\\u001b[2J"));
  }

  private static Arguments of(String name, byte[] bytes, Kind kind, String message) {
    return Arguments.of(name, bytes, kind, message);
  }
}
