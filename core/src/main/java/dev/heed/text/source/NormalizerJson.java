package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.normalizer.BertNormalizer;
import dev.heed.text.normalizer.ByteLevelNormalizer;
import dev.heed.text.normalizer.CanonicalForm;
import dev.heed.text.normalizer.CharacterMap;
import dev.heed.text.normalizer.CharsMap;
import dev.heed.text.normalizer.Lowercase;
import dev.heed.text.normalizer.NmtNormalizer;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.normalizer.NormalizerSequence;
import dev.heed.text.normalizer.Prepend;
import dev.heed.text.normalizer.Replace;
import dev.heed.text.normalizer.Strip;
import dev.heed.text.normalizer.StripAccents;
import dev.heed.text.pattern.LiteralPattern;
import dev.heed.text.pattern.RegexDialect;
import dev.heed.text.pattern.TextPattern;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads the {@code normalizer} of a tokenizer.json. */
final class NormalizerJson {
  private NormalizerJson() {}

  static @Nullable Normalizer read(@Nullable JsonPart part) {
    if (part == null) {
      return null;
    }
    String type = part.string("type");
    Normalizer normalizer =
        switch (type) {
          case "BertNormalizer" -> bert(part);
          case "Strip" -> new Strip(part.flag("strip_left", true), part.flag("strip_right", true));
          case "StripAccents" -> new StripAccents();
          case "NFC" -> CanonicalForm.NFC;
          case "NFD" -> CanonicalForm.NFD;
          case "NFKC" -> CanonicalForm.NFKC;
          case "NFKD" -> CanonicalForm.NFKD;
          case "Sequence" ->
              new NormalizerSequence(
                  part.parts("normalizers").stream().map(NormalizerJson::required).toList());
          case "Lowercase" -> new Lowercase();
          case "Nmt" -> new NmtNormalizer();
          case "Precompiled" -> new CharacterMap(charsMap(part));
          case "Replace" -> new Replace(pattern(part), part.string("content"));
          case "Prepend" -> new Prepend(prefix(part));
          case "ByteLevel" -> new ByteLevelNormalizer();
          default -> throw unknown(part, "normalizer", type);
        };
    part.done();
    return normalizer;
  }

  private static Normalizer required(JsonPart part) {
    Normalizer normalizer = read(part);
    if (normalizer == null) {
      throw new IllegalStateException("a part that is there is read");
    }
    return normalizer;
  }

  static RuntimeException unknown(JsonPart part, String what, String type) {
    return JsonPart.error(
        Kind.UNSUPPORTED,
        part.where(),
        "a " + what + " that Heed knows",
        "type " + Quoted.of(type));
  }

  private static BertNormalizer bert(JsonPart part) {
    boolean lowercase = part.flag("lowercase", true);
    return new BertNormalizer(
        part.flag("clean_text", true),
        part.flag("handle_chinese_chars", true),
        part.flag("strip_accents", lowercase),
        lowercase);
  }

  private static CharsMap charsMap(JsonPart part) {
    String at = part.where() + ", precompiled_charsmap";
    try {
      return CharsMap.of(at, Base64.getDecoder().decode(part.string("precompiled_charsmap", "")));
    } catch (IllegalArgumentException e) {
      throw JsonPart.error(Kind.MALFORMED, at, "a character map in base 64", "other text");
    }
  }

  private static String prefix(JsonPart part) {
    String prefix = part.string("prepend");
    if (prefix.isEmpty()) {
      throw JsonPart.error(
          Kind.VALUE, part.where() + ", prepend", "a text to prepend", Quoted.of(prefix));
    }
    return prefix;
  }

  /** A pattern as replacing and splitting parts have one: a string or a regular expression. */
  static TextPattern pattern(JsonPart part) {
    JsonPart pattern = part.object("pattern");
    TextPattern result =
        pattern.has("Regex")
            ? RegexDialect.ONIGURUMA.compile(pattern.where(), pattern.string("Regex"))
            : new LiteralPattern(pattern.string("String"));
    pattern.done();
    return result;
  }
}
