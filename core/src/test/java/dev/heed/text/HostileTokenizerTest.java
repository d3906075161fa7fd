package dev.heed.text;

import static dev.heed.checkpoint.CheckpointException.Kind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.Hostile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizer files that are wrong or hostile: each is refused with a message. */
@Tag("unit")
class HostileTokenizerTest {
  @BeforeAll
  static void loadTheClasses() {
    SmallTokenizer.open().encode("a");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  @Timeout(1)
  void is_refused(String name, String json, Kind kind, String message) {
    Hostile.assertRefused(
        json.getBytes(StandardCharsets.ISO_8859_1), kind, message, b -> Tokenizer.of("t.json", b));
  }

  static Stream<Arguments> files() {
    String valid = new String(SmallTokenizer.json(), StandardCharsets.UTF_8);
    return Stream.of(
        Arguments.of("empty", "", Kind.MALFORMED, "expected"),
        Arguments.of("cut", valid.substring(0, valid.length() / 2), Kind.MALFORMED, "valid JSON"),
        Arguments.of("not UTF-8", valid.replace("\"a\"", "\"\u00ff\""), Kind.MALFORMED, "UTF-8"),
        Arguments.of("a list", "[]", Kind.MALFORMED, "an object, got ARRAY"),
        Arguments.of("no model", "{}", Kind.MALFORMED, "model: expected an object"),
        Arguments.of(
            "unknown model",
            model("{\"type\":\"Magic\",\"vocab\":{}}"),
            Kind.UNSUPPORTED,
            "got \"Magic\""),
        Arguments.of(
            "vocabulary a list",
            model("{\"type\":\"WordPiece\",\"vocab\":[]}"),
            Kind.MALFORMED,
            "vocab: expected an object"),
        Arguments.of(
            "id a string",
            valid.replace("\"a\": 4", "\"a\": \"4\""),
            Kind.VALUE,
            "a number from 0 to 2^31-1"),
        Arguments.of(
            "id negative", valid.replace("\"a\": 4", "\"a\": -4"), Kind.VALUE, "got \"-4\""),
        Arguments.of(
            "id too large", valid.replace("\"a\": 4", "\"a\": 4294967296"), Kind.VALUE, "2^31-1"),
        Arguments.of(
            "a token twice",
            valid.replace("\"b\": 5", "\"a\": 5"),
            Kind.DUPLICATE,
            "each name once"),
        Arguments.of(
            "added token without content",
            valid.replace("\"content\": \"[PAD]\"", "\"content\": 7"),
            Kind.MALFORMED,
            "content: expected a string"),
        Arguments.of(
            "deep nesting", model("{\"x\":".repeat(5000)), Kind.TOO_LARGE, "bounded depth"),
        Arguments.of(
            "a pre-tokenizer nested deep",
            valid.replace("{\"type\": \"BertPreTokenizer\"}", sequence(100)),
            Kind.TOO_LARGE,
            "bounded depth"),
        Arguments.of(
            "unknown pre-tokenizer",
            valid.replace("BertPreTokenizer", "Teapot"),
            Kind.UNSUPPORTED,
            "a pre-tokenizer that Heed knows"),
        Arguments.of(
            "template names an unknown token",
            valid.replace("\"special_tokens\": {\"[CLS]\"", "\"special_tokens\": {\"[CLX]\""),
            Kind.MALFORMED,
            "pieces that name a text"),
        Arguments.of(
            "template of a special token without a number",
            valid.replace("\"ids\": [2]", "\"ids\": []"),
            Kind.MALFORMED,
            "as many ids as tokens"),
        Arguments.of(
            "second text in the template for one",
            valid.replaceFirst("\"id\": \"A\"", "\"id\": \"B\""),
            Kind.MALFORMED,
            "pieces that name a text"),
        Arguments.of("merge of one token", bpe("", "[[\"a\"]]"), Kind.MALFORMED, "pairs of tokens"),
        Arguments.of(
            "merge shorter than its prefix",
            bpe("####", "[[\"a\", \"b\"]]"),
            Kind.MALFORMED,
            "beginning with \"####\""),
        Arguments.of(
            "merge in old spelling shorter than its prefix",
            bpe("####", "[\"a b\"]"),
            Kind.MALFORMED,
            "beginning with"),
        Arguments.of(
            "merge of unknown tokens",
            bpe("", "[[\"y\", \"z\"]]"),
            Kind.MALFORMED,
            "tokens of the vocabulary"),
        Arguments.of(
            "unknown token beyond the vocabulary",
            model("{\"type\":\"Unigram\",\"unk_id\":7,\"vocab\":[[\"a\",-1.0]]}"),
            Kind.VALUE,
            "unk_id below 1"),
        Arguments.of(
            "score not a number",
            model("{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",NaN]]}"),
            Kind.MALFORMED,
            "pairs of token and score"),
        Arguments.of(
            "pieces of length zero",
            valid.replace(
                "{\"type\": \"BertPreTokenizer\"}", "{\"type\":\"FixedLength\",\"length\":0}"),
            Kind.VALUE,
            "a length of at least 1"),
        Arguments.of(
            "broken pattern",
            valid.replace(
                "{\"type\": \"BertPreTokenizer\"}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"},\"behavior\":\"Removed\",\"invert\":false}"),
            Kind.UNSUPPORTED,
            "a regular expression that Java can match"),
        Arguments.of(
            "replacement by a foreign pattern",
            replace("\\\\K"),
            Kind.UNSUPPORTED,
            "a regular expression that Java can match"),
        Arguments.of(
            "nothing to prepend",
            normalizer("{\"type\":\"Prepend\",\"prepend\":\"\"}"),
            Kind.VALUE,
            "a text to prepend"),
        Arguments.of("character map not base 64", charsMap("%"), Kind.MALFORMED, "base 64"),
        Arguments.of(
            "character map cut",
            charsMap(base64(new byte[] {100, 0, 0, 0, 1})),
            Kind.MALFORMED,
            "holds its trie"),
        Arguments.of(
            "character map that leaves its trie",
            charsMap(base64(trie(0x7fff_ffff))),
            Kind.MALFORMED,
            "a step to unit"),
        Arguments.of(
            "character map of three bytes",
            charsMap(base64(new byte[3])),
            Kind.MALFORMED,
            "holds its trie"));
  }

  @Test
  void text_that_the_vocabulary_cannot_express_is_an_exception() {
    String noUnknown =
        SmallTokenizer.MODEL.replace("\"unk_token\": \"[UNK]\"", "\"unk_token\": \"[NONE]\"");
    Tokenizer tokenizer = Tokenizer.of("t.json", SmallTokenizer.with(noUnknown));
    assertThatThrownBy(() -> tokenizer.encode("zzz"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("encode: expected text that the vocabulary can express");
    assertThat(tokenizer.encode("a").ids()).containsExactly(2, 4, 3);
  }

  @Test
  void thousands_of_damaged_files_are_read_or_refused() {
    int refused =
        Hostile.fuzz(
            SmallTokenizer.json(),
            20_261_123,
            3000,
            bytes -> {
              Tokenizer tokenizer = Tokenizer.of("t.json", bytes);
              return encodeSome(tokenizer);
            });
    assertThat(refused).isGreaterThan(500);
  }

  private static Object encodeSome(Tokenizer tokenizer) {
    try {
      return tokenizer.encode("Ac d. zzz \u4e2d", "[SEP] b");
    } catch (IllegalArgumentException e) {
      return e;
    }
  }

  private static String model(String model) {
    return new String(SmallTokenizer.with(model), StandardCharsets.UTF_8);
  }

  private static String bpe(String prefix, String merges) {
    return model(
        "{\"type\":\"BPE\",\"continuing_subword_prefix\":\""
            + prefix
            + "\",\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":"
            + merges
            + "}");
  }

  private static String charsMap(String base64) {
    return new String(SmallTokenizer.json(), StandardCharsets.UTF_8)
        .replaceFirst(
            "\\{\"type\": \"BertNormalizer\"[^}]*}",
            "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"" + base64 + "\"}");
  }

  private static String replace(String regex) {
    return normalizer(
        "{\"type\":\"Replace\",\"content\":\"_\",\"pattern\":{\"Regex\":\"" + regex + "\"}}");
  }

  private static String normalizer(String normalizer) {
    return new String(SmallTokenizer.json(), StandardCharsets.UTF_8)
        .replaceFirst(
            "\\{\"type\": \"BertNormalizer\"[^}]*}", Matcher.quoteReplacement(normalizer));
  }

  private static byte[] trie(int root) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(4).putInt(root).array();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String sequence(int depth) {
    return "{\"type\":\"Sequence\",\"pretokenizers\":[".repeat(depth)
        + "{\"type\":\"BertPreTokenizer\"}"
        + "]}".repeat(depth);
  }
}
