package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON from untrusted files: valid UTF-8 only, one value, no duplicate keys, bounded depth and name
 * length.
 *
 * <p>{@code Infinity} and {@code NaN} are read, because the configs that Python writes hold them.
 */
public final class StrictJson {
  /** Deepest nesting read; published configs and tokenizers stay below ten. */
  static final int MAX_DEPTH = 64;

  private static final String REMEDY = "The file is damaged or hostile; get it again.";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(64)
                          .maxNameLength(65_536)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * Parses one JSON value, which a byte order mark may precede.
   *
   * @param where for messages
   * @param utf8 the whole file
   * @return the tree
   * @throws CheckpointException {@code MALFORMED}, {@code DUPLICATE} or {@code TOO_LARGE}
   */
  public static JsonNode parse(String where, byte[] utf8) {
    try {
      int start = hasByteOrderMark(utf8) ? 3 : 0;
      JsonNode tree =
          MAPPER.readTree(strictUtf8(new ByteArrayInputStream(utf8, start, utf8.length - start)));
      if (tree == null || tree.isMissingNode()) {
        throw new CheckpointException(Kind.MALFORMED, where, "JSON", "an empty file", REMEDY);
      }
      return tree;
    } catch (JacksonException e) {
      throw malformed(where, e);
    }
  }

  /** Editors on Windows put one before a config that they save. */
  private static boolean hasByteOrderMark(byte[] utf8) {
    return utf8.length >= 3
        && utf8[0] == (byte) 0xEF
        && utf8[1] == (byte) 0xBB
        && utf8[2] == (byte) 0xBF;
  }

  /** Opens a token stream over the same strict grammar. */
  static JsonParser stream(InputStream utf8) {
    return MAPPER.createParser(strictUtf8(utf8));
  }

  /** Turns a parser's error into ours. */
  static CheckpointException malformed(String where, JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    Kind kind = Kind.MALFORMED;
    String expected = "valid JSON";
    if (message.startsWith("Duplicate")) {
      kind = Kind.DUPLICATE;
      expected = "each name once";
    } else if (e instanceof tools.jackson.core.exc.StreamConstraintsException) {
      kind = Kind.TOO_LARGE;
      expected = "JSON of bounded depth and length";
    } else if (e.getCause() instanceof CharacterCodingException
        || e.getCause() instanceof CharConversionException) {
      expected = "UTF-8";
      message = "bytes that are not";
    }
    return new CheckpointException(kind, where, expected, Quoted.of(message), REMEDY, e);
  }

  private static Reader strictUtf8(InputStream utf8) {
    return new InputStreamReader(
        utf8,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }
}
