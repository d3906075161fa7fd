package dev.heed.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Hostile;
import dev.heed.golden.GoldenFolder;
import dev.heed.text.sentencepiece.SentencePiecePipeline;
import dev.heed.text.source.SentencePieceFile;
import dev.heed.text.source.TiktokenFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SentencePiece models and tiktoken ranks that are wrong or hostile: read or refused, in time. */
@Tag("unit")
class HostileModelFileTest {
  private static final int MUTATIONS = 600;

  /** 100,000 take half a minute. */
  private static final int MANY = Integer.getInteger("heed.mutations", 20_000);

  private static final String TEXT = "Ac d. 12,345 \u4e2d\ud83d\ude00 the end\t";
  private static final String PATTERN = "\\p{L}+|\\p{N}+|[^\\p{L}\\p{N}]+";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sp-char",
        "sp-bpe-byte-fallback",
        "sp-unigram-no-prefix",
        "sp-unigram-suffix",
        "sp-unigram"
      })
  void damaged_sentencepiece_models_are_read_or_refused(String name) {
    byte[] valid = file(name, "tokenizer.model");
    assertThat(sentencePiece(valid)).isPositive();
    int refused = Hostile.fuzz(valid, 20_261_129, MUTATIONS, HostileModelFileTest::sentencePiece);
    assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
  }

  @Test
  void damaged_tiktoken_ranks_are_read_or_refused() {
    byte[] valid = file("tiktoken-o200k", "ranks.tiktoken");
    assertThat(tiktoken(valid)).isPositive();
    int refused = Hostile.fuzz(valid, 20_261_129, MUTATIONS, HostileModelFileTest::tiktoken);
    assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
  }

  @Test
  @Tag("soak")
  void thousands_of_damaged_files_are_read_or_refused() {
    byte[] model = file("sp-char", "tokenizer.model");
    assertThat(Hostile.fuzz(model, 20_261_130, MANY, HostileModelFileTest::sentencePiece))
        .isGreaterThan(MANY / 10);
    byte[] ranks = file("tiktoken-o200k", "ranks.tiktoken");
    assertThat(Hostile.fuzz(ranks, 20_261_130, MANY, HostileModelFileTest::tiktoken))
        .isGreaterThan(MANY / 10);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  @Timeout(1)
  void is_refused(String name, byte[] model, Kind kind, String message) {
    Hostile.assertRefused(model, kind, message, b -> SentencePieceFile.read("m.model", b));
  }

  static Stream<Arguments> models() {
    byte[] unknown = piece("<unk>", 0, 2);
    return Stream.of(
        Arguments.of("empty", new byte[0], Kind.VALUE, "one unknown piece, got 0"),
        Arguments.of(
            "no protobuf",
            "{\"a\":1}".getBytes(StandardCharsets.UTF_8),
            Kind.MALFORMED,
            "a protocol buffer"),
        Arguments.of(
            "longer than the file",
            new byte[] {10, (byte) 0xff, (byte) 0xff, 3, 1},
            Kind.MALFORMED,
            "a protocol buffer"),
        Arguments.of(
            "two unknown pieces",
            join(unknown, piece("<u>", 0, 2)),
            Kind.VALUE,
            "one unknown piece, got 2"),
        Arguments.of(
            "a piece twice",
            join(unknown, piece("a", -1, 1), piece("a", -2, 1)),
            Kind.DUPLICATE,
            "each piece once"),
        Arguments.of(
            "an empty piece",
            join(unknown, piece("", -1, 1)),
            Kind.VALUE,
            "pieces that are not empty"),
        Arguments.of(
            "a score that is no number",
            join(unknown, piece("a", Float.NaN, 1)),
            Kind.VALUE,
            "a finite score"),
        Arguments.of(
            "a type of piece of the future",
            join(unknown, piece("a", -1, 9)),
            Kind.UNSUPPORTED,
            "a type of piece from 1 to 6"),
        Arguments.of(
            "a piece too long",
            join(unknown, piece("a".repeat(2000), -1, 1)),
            Kind.TOO_LARGE,
            "pieces of at most 1024"),
        Arguments.of(
            "a kind of the future",
            join(unknown, field(2, new byte[] {24, 7})),
            Kind.UNSUPPORTED,
            "a model_type from 1 to 4"),
        Arguments.of(
            "a denormaliser",
            join(unknown, field(5, field(2, new byte[] {1, 2}))),
            Kind.UNSUPPORTED,
            "no denormalizer_spec"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ranks")
  @Timeout(1)
  void ranks_are_refused(String name, String ranks, Kind kind, String message) {
    Hostile.assertRefused(
        ranks.getBytes(StandardCharsets.ISO_8859_1),
        kind,
        message,
        b -> TiktokenFile.read("r.tiktoken", b, PATTERN, Map.of()));
  }

  static Stream<Arguments> ranks() {
    return Stream.of(
        Arguments.of("empty", "", Kind.VALUE, "a token for each byte, got none for 0"),
        Arguments.of("no rank", "IQ==\n", Kind.VALUE, "a rank from 0"),
        Arguments.of("no base 64", "%% 1\n", Kind.MALFORMED, "base 64"),
        Arguments.of("an empty token", " 1\n", Kind.MALFORMED, "the base 64 of a token"),
        Arguments.of("a rank below zero", "IQ== -1\n", Kind.VALUE, "a rank from 0"),
        Arguments.of("a rank too large", "IQ== 4294967296\n", Kind.VALUE, "a rank from 0"),
        Arguments.of("a token twice", "IQ== 1\nIQ== 2\n", Kind.DUPLICATE, "each token"),
        Arguments.of("a rank twice", "IQ== 1\nIg== 1\n", Kind.DUPLICATE, "each rank once"),
        Arguments.of(
            "a token too long",
            Base64.getEncoder().encodeToString(new byte[5000]) + " 1\n",
            Kind.TOO_LARGE,
            "at most 1024 bytes"));
  }

  @Test
  @Timeout(5)
  void pieces_that_merge_in_all_places_take_bounded_time() {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    model.writeBytes(field(2, new byte[] {24, 2}));
    model.writeBytes(piece("<unk>", 0, 2));
    for (int length = 1; length <= 1000; length++) {
      model.writeBytes(piece("a".repeat(length), -length, 1));
    }
    int[] pieces = {0};
    new SentencePiecePipeline(SentencePieceFile.read("m.model", model.toByteArray()).model())
        .cut("a".repeat(100_000), (id, spelling, start, end, word) -> pieces[0]++);
    assertThat(pieces[0]).isBetween(100, 100_000);
  }

  private static int sentencePiece(byte[] bytes) {
    int[] pieces = {0};
    try {
      new SentencePiecePipeline(SentencePieceFile.read("m.model", bytes).model())
          .cut(TEXT, (id, spelling, start, end, word) -> pieces[0]++);
    } catch (TextException e) {
      return -1; // The vocabulary cannot express the text, and says so.
    }
    return pieces[0];
  }

  private static int tiktoken(byte[] bytes) {
    int[] pieces = {0};
    TiktokenFile.read("r.tiktoken", bytes, PATTERN, Map.of())
        .cut(TEXT, (id, spelling, start, end, word) -> pieces[0]++);
    return pieces[0];
  }

  private static byte[] piece(String spelling, float score, int type) {
    byte[] utf8 = spelling.getBytes(StandardCharsets.UTF_8);
    int bits = Float.floatToIntBits(score);
    byte[] rest = {
      21, (byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24), 24, (byte) type
    };
    return field(1, join(field(1, utf8), rest));
  }

  /** A field of bytes: tag, length, content. */
  private static byte[] field(int number, byte[] content) {
    int length = content.length;
    byte[] head =
        length < 128
            ? new byte[] {(byte) (number << 3 | 2), (byte) length}
            : new byte[] {(byte) (number << 3 | 2), (byte) (length | 128), (byte) (length >> 7)};
    return join(head, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] file(String recording, String name) {
    try {
      return Files.readAllBytes(GoldenFolder.area("tokenizers").resolve(recording).resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
