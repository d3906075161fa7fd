package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.text.pattern.LiteralPattern;
import dev.heed.text.pattern.TextPattern;
import dev.heed.text.pretokenizer.ByteLevel;
import dev.heed.text.pretokenizer.FixedLength;
import dev.heed.text.pretokenizer.Metaspace;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.pretokenizer.PreTokenizerSequence;
import dev.heed.text.pretokenizer.ScriptSplit;
import dev.heed.text.pretokenizer.Split;
import dev.heed.text.pretokenizer.SplitBehavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code pre_tokenizer} of a tokenizer.json. */
final class PreTokenizerJson {
  private static final Map<String, SplitBehavior> BEHAVIORS =
      Map.of(
          "Removed", SplitBehavior.REMOVED,
          "Isolated", SplitBehavior.ISOLATED,
          "MergedWithPrevious", SplitBehavior.MERGED_WITH_PREVIOUS,
          "MergedWithNext", SplitBehavior.MERGED_WITH_NEXT,
          "Contiguous", SplitBehavior.CONTIGUOUS);
  private static final Map<String, Metaspace.Prefix> PREFIXES =
      Map.of(
          "never", Metaspace.Prefix.NEVER,
          "first", Metaspace.Prefix.FIRST,
          "always", Metaspace.Prefix.ALWAYS);

  private PreTokenizerJson() {}

  static @Nullable PreTokenizer read(@Nullable JsonPart part) {
    return part == null ? null : required(part);
  }

  private static PreTokenizer required(JsonPart part) {
    String type = part.string("type");
    PreTokenizer result =
        switch (type) {
          case "BertPreTokenizer" ->
              new PreTokenizerSequence(
                  List.of(Split.whitespace(), Split.punctuation(SplitBehavior.ISOLATED)));
          case "ByteLevel" -> byteLevel(part);
          case "CharDelimiterSplit" -> delimiter(part);
          case "Metaspace" -> metaspace(part);
          case "Whitespace" -> Split.words();
          case "WhitespaceSplit" -> Split.whitespace();
          case "Sequence" -> sequence(part);
          case "Split" -> split(part);
          case "Punctuation" ->
              Split.punctuation(
                  part.has("behavior")
                      ? part.choice("behavior", BEHAVIORS)
                      : SplitBehavior.ISOLATED);
          case "Digits" -> Split.digits(part.flag("individual_digits", false));
          case "UnicodeScripts" -> new ScriptSplit();
          case "FixedLength" -> fixed(part);
          default -> throw NormalizerJson.unknown(part, "pre-tokenizer", type);
        };
    part.done();
    return result;
  }

  private static PreTokenizer sequence(JsonPart part) {
    List<PreTokenizer> steps = new ArrayList<>();
    part.parts("pretokenizers").forEach(step -> steps.add(required(step)));
    return new PreTokenizerSequence(steps);
  }

  private static PreTokenizer byteLevel(JsonPart part) {
    part.ignore("trim_offsets"); // it is the post-processor's
    return new ByteLevel(part.flag("add_prefix_space", true), part.flag("use_regex", true));
  }

  private static PreTokenizer delimiter(JsonPart part) {
    return new Split(new LiteralPattern(oneCharacter(part, "delimiter")), SplitBehavior.REMOVED);
  }

  private static PreTokenizer split(JsonPart part) {
    TextPattern pattern = NormalizerJson.pattern(part);
    boolean invert = part.flag("invert", false);
    return new Split(invert ? pattern.inverted() : pattern, part.choice("behavior", BEHAVIORS));
  }

  private static PreTokenizer fixed(JsonPart part) {
    int length = part.count("length", 5);
    if (length < 1) {
      throw JsonPart.error(
          Kind.VALUE, part.where() + ", length", "a length of at least 1", length + "");
    }
    return new FixedLength(length);
  }

  private static PreTokenizer metaspace(JsonPart part) {
    return new Metaspace(oneCharacter(part, "replacement"), prefix(part), part.flag("split", true));
  }

  /** When a space is put before a text, in either spelling of the option. */
  static Metaspace.Prefix prefix(JsonPart part) {
    part.ignore("str_rep");
    boolean added = part.flag("add_prefix_space", true);
    Metaspace.Prefix prefix =
        part.has("prepend_scheme")
            ? part.choice("prepend_scheme", PREFIXES)
            : added ? Metaspace.Prefix.ALWAYS : Metaspace.Prefix.NEVER;
    if (!added && prefix != Metaspace.Prefix.NEVER) {
      throw JsonPart.error(
          Kind.VALUE,
          part.where() + ", prepend_scheme",
          "\"never\" where add_prefix_space is false",
          Quoted.of(part.string("prepend_scheme")));
    }
    return prefix;
  }

  static String oneCharacter(JsonPart part, String key) {
    String text = part.string(key);
    if (text.codePointCount(0, text.length()) != 1) {
      throw JsonPart.error(Kind.VALUE, part.where() + ", " + key, "one character", Quoted.of(text));
    }
    return text;
  }
}
