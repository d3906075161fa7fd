package dev.heed.text.source;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.StrictJson;
import dev.heed.text.BatchRule;
import dev.heed.text.Padding;
import dev.heed.text.Side;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.Truncation;
import dev.heed.text.Window;
import dev.heed.text.normalizer.Normalizer;
import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.pipeline.StandardPipeline;
import dev.heed.text.postprocessor.PostProcessor;
import dev.heed.text.pretokenizer.PreTokenizer;
import dev.heed.text.subword.TokenizerModel;
import dev.heed.text.subword.Vocabulary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A {@code tokenizer.json} of the tokenizers library.
 *
 * @param pipeline its steps
 * @param post what it adds
 * @param rule how it says that batches are cut and filled
 */
public record TokenizerJson(StandardPipeline pipeline, PostProcessor post, BatchRule rule) {
  /** The largest file read; the largest published ones have a quarter of it. */
  public static final long MAX_BYTES = 128L << 20;

  private static final Map<String, Side> SIDES = Map.of("Left", Side.LEFT, "Right", Side.RIGHT);

  /**
   * Reads a file.
   *
   * @param where its name, for messages
   * @param utf8 its bytes
   * @throws CheckpointException {@code MALFORMED}, {@code TOO_LARGE}, {@code DUPLICATE}, {@code
   *     VALUE} or {@code UNSUPPORTED}
   */
  public static TokenizerJson read(String where, byte[] utf8) {
    if (utf8.length > MAX_BYTES) {
      throw JsonPart.error(
          Kind.TOO_LARGE, where, "at most " + MAX_BYTES + " bytes", utf8.length + "");
    }
    JsonPart root = new JsonPart(where, StrictJson.parse(where, utf8));
    root.ignore("version");
    TokenizerModel model = ModelJson.read(root.object("model"));
    Normalizer normalizer = NormalizerJson.read(root.part("normalizer"));
    PreTokenizer splitter = PreTokenizerJson.read(root.part("pre_tokenizer"));
    AddedTokens added = new AddedTokens(addedTokens(root, model.vocabulary()), normalizer);
    StandardPipeline pipeline =
        new StandardPipeline(
            added, normalizer, splitter, model, DecoderJson.read(root.part("decoder")));
    PostProcessor post = PostProcessorJson.read(root.part("post_processor"));
    BatchRule rule = new BatchRule(window(root.part("truncation")), padding(root.part("padding")));
    root.done();
    return new TokenizerJson(pipeline, post, rule);
  }

  /** The tokenizer, with what other files say beside. */
  public Tokenizer tokenizer(TokenizerSettings settings) {
    return new Tokenizer(pipeline, post, settings, rule);
  }

  private static List<AddedToken> addedTokens(JsonPart root, Vocabulary vocabulary) {
    List<AddedToken> tokens = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonPart part : root.parts("added_tokens")) {
      AddedToken token = addedToken(part);
      int known = vocabulary.id(token.content());
      if (known >= 0 && known != token.id()) {
        throw JsonPart.error(
            Kind.VALUE,
            part.where() + ", id",
            known + ", the vocabulary's number of " + Quoted.of(token.content()),
            token.id() + "");
      }
      if (!token.content().isEmpty() && seen.add(token.content())) {
        tokens.add(token);
      }
    }
    return tokens;
  }

  private static AddedToken addedToken(JsonPart part) {
    AddedToken token =
        new AddedToken(
            part.count("id", 0),
            part.string("content"),
            part.flag("single_word", false),
            part.flag("lstrip", false),
            part.flag("rstrip", false),
            part.flag("normalized", !part.flag("special", false)),
            part.flag("special", false));
    part.done();
    return token;
  }

  private static @Nullable Window window(@Nullable JsonPart part) {
    if (part == null) {
      return null;
    }
    Window window =
        new Window(
            part.count("max_length", 512),
            part.count("stride", 0),
            part.has("strategy")
                ? part.choice(
                    "strategy",
                    Map.of(
                        "LongestFirst", Truncation.LONGEST_FIRST,
                        "OnlyFirst", Truncation.ONLY_FIRST,
                        "OnlySecond", Truncation.ONLY_SECOND))
                : Truncation.LONGEST_FIRST,
            part.has("direction") ? part.choice("direction", SIDES) : Side.RIGHT);
    part.done();
    return window;
  }

  private static @Nullable Padding padding(@Nullable JsonPart part) {
    if (part == null) {
      return null;
    }
    int length = 0;
    JsonNode strategy = part.node("strategy");
    if (strategy.isObject()) {
      JsonPart fixed = part.object("strategy");
      length = fixed.count("Fixed", 0);
      fixed.done();
    } else if (!strategy.isMissingNode()) {
      part.choice("strategy", Map.of("BatchLongest", true));
    }
    int multiple = part.count("pad_to_multiple_of", 1);
    Side side = part.has("direction") ? part.choice("direction", SIDES) : Side.RIGHT;
    Token pad =
        Tokenizer.pad(
            part.count("pad_id", 0),
            part.string("pad_token", "[PAD]"),
            part.count("pad_type_id", 0));
    part.done();
    try {
      return new Padding(length, Math.max(1, multiple), side, pad);
    } catch (IllegalArgumentException e) {
      throw JsonPart.error(
          Kind.VALUE, part.where(), "a length to allocate", Quoted.of(e.getMessage() + ""));
    }
  }
}
