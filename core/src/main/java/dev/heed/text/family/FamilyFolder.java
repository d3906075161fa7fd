package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SmallFile;
import dev.heed.checkpoint.StrictJson;
import dev.heed.text.Side;
import dev.heed.text.TokenRole;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.sentencepiece.SentencePieceModel;
import dev.heed.text.source.JsonPart;
import dev.heed.text.source.SentencePieceFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a checkpoint's folder says about its tokenizer beside the vocabulary: {@code
 * tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}, each of
 * which may be missing.
 */
public final class FamilyFolder {
  private static final long MAX_BYTES = 16L << 20;
  private static final Map<String, Side> SIDES = Map.of("left", Side.LEFT, "right", Side.RIGHT);

  /** Keys that change no token: whose they are, where they came from, what callers ask for. */
  private static final String[] BOOKKEEPING = {
    "tokenizer_class",
    "name_or_path",
    "special_tokens_map_file",
    "tokenizer_file",
    "tokenizer_type",
    "full_tokenizer_file",
    "vocab_file",
    "merges_file",
    "processor_class",
    "feature_extractor_type",
    "auto_map",
    "use_fast",
    "from_slow",
    "model_input_names",
    "max_length",
    "max_len",
    "stride",
    "truncation",
    "truncation_strategy",
    "padding",
    "pad_to_multiple_of",
    "pad_to_max_length",
    "pad_token_type_id",
    "return_token_type_ids",
    "device_map",
    "transformers_version",
    "is_local"
  };

  private final Path folder;
  private final JsonPart config;
  private final @Nullable JsonPart specialMap;

  private FamilyFolder(Path folder) {
    this.folder = folder;
    JsonPart read = json("tokenizer_config.json");
    this.config =
        read == null
            ? new JsonPart(
                folder + ", tokenizer_config.json", JsonNodeFactory.instance.objectNode())
            : read;
    this.specialMap = json("special_tokens_map.json");
  }

  /**
   * Reads what there is.
   *
   * @throws CheckpointException for an invalid file
   */
  public static FamilyFolder open(Path folder) {
    return new FamilyFolder(folder);
  }

  private @Nullable JsonPart json(String name) {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file)
        ? new JsonPart(
            file.toString(), StrictJson.parse(file.toString(), SmallFile.read(file, MAX_BYTES)))
        : null;
  }

  /** The folder. */
  Path path() {
    return folder;
  }

  /** {@code tokenizer_config.json}; empty if there is none. */
  JsonPart config() {
    return config;
  }

  /** Whether there is a file. */
  boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /** Whether there is any vocabulary of a family. */
  boolean hasVocabulary() {
    return Stream.of(
            "vocab.txt",
            "vocab.json",
            "tokenizer.model",
            "spiece.model",
            "spm.model",
            "sentencepiece.bpe.model")
        .anyMatch(this::has);
  }

  /**
   * The file of one of these names, the first that is there.
   *
   * @throws CheckpointException {@code NOT_FOUND}
   */
  Path file(String... names) {
    for (String name : names) {
      if (has(name)) {
        return folder.resolve(name);
      }
    }
    throw new CheckpointException(
        Kind.NOT_FOUND,
        folder.toString(),
        String.join(" or ", names),
        "nothing",
        "Copy it from where the checkpoint came from, or put a tokenizer.json there.");
  }

  /** A SentencePiece model. */
  SentencePieceModel sentencePiece(String... names) {
    JsonNode options = config.node("sp_model_kwargs");
    if (options.isObject() && !options.isEmpty()) {
      throw config.wrong(Kind.UNSUPPORTED, "sp_model_kwargs", "no options", options);
    }
    Path file = file(names);
    byte[] bytes = SmallFile.read(file, SentencePieceFile.MAX_BYTES);
    return SentencePieceFile.read(file.toString(), bytes).model();
  }

  /**
   * The name of the Python class: that of the config, without {@code Fast}; or the one that the
   * model's type has, or null.
   */
  @Nullable String tokenizerClass() {
    String named = config.stringOrNull("tokenizer_class");
    JsonPart model = json("config.json");
    if (named == null && model != null) {
      named = model.stringOrNull("tokenizer_class");
    }
    if (named != null && !named.startsWith("PreTrainedTokenizer")) {
      return named.endsWith("Fast") ? named.substring(0, named.length() - 4) : named;
    }
    String type = model == null ? null : model.stringOrNull("model_type");
    return type == null ? null : FamilyTokenizers.ofModelType(type);
  }

  /**
   * The special tokens.
   *
   * @param defaults what the class has where the files say nothing
   */
  SpecialTokens special(SpecialTokens defaults) {
    Map<TokenRole, SpecialToken> roles = new EnumMap<>(TokenRole.class);
    for (TokenRole role : TokenRole.values()) {
      SpecialToken token = defaults.roles().get(role);
      if (config.has(role.key())) {
        token = configured(config, role.key(), token);
      } else if (!config.node(role.key()).isMissingNode()) {
        token = null;
      }
      if (specialMap != null && specialMap.has(role.key())) {
        token = token(specialMap, role.key(), specialMap.node(role.key()));
      }
      if (token != null) {
        roles.put(role, token);
      }
    }
    return new SpecialTokens(roles, additional(defaults.additional()));
  }

  // A class gives its own flags to what the config spells as a plain string.
  private static SpecialToken configured(JsonPart part, String key, @Nullable SpecialToken usual) {
    SpecialToken read = token(part, key, part.node(key));
    return usual != null && part.node(key).isString() ? usual.spelled(read.content()) : read;
  }

  private List<SpecialToken> additional(List<SpecialToken> defaults) {
    List<SpecialToken> tokens = defaults;
    for (JsonPart part : specialMap == null ? List.of(config) : List.of(config, specialMap)) {
      if (part.has("additional_special_tokens")) {
        tokens = new ArrayList<>();
        for (JsonNode node : part.list("additional_special_tokens")) {
          tokens.add(token(part, "additional_special_tokens", node));
        }
      }
    }
    return tokens;
  }

  private static SpecialToken token(JsonPart part, String key, JsonNode node) {
    if (node.isString()) {
      return SpecialToken.plain(node.stringValue());
    }
    JsonPart token = new JsonPart(part.where() + ", " + key, node);
    token.ignore("__type", "normalized", "single_word", "special", "id");
    SpecialToken read =
        new SpecialToken(
            token.string("content"), token.flag("lstrip", false), token.flag("rstrip", false));
    token.done();
    return read;
  }

  /** Tokens beside the vocabulary and their numbers. */
  Map<String, Integer> added() {
    Map<String, Integer> added = new LinkedHashMap<>();
    JsonPart file = json("added_tokens.json");
    if (file != null) {
      file.forEach((content, id) -> added.put(content, JsonPart.id(file.where(), id)));
    }
    JsonPart decoder = config.part("added_tokens_decoder");
    if (decoder != null) {
      decoder.forEach((id, token) ->
          added.put(token(decoder, id, token).content(), number(decoder.where(), id)));
    }
    return added;
  }

  private static int number(String where, String id) {
    try {
      return Integer.parseUnsignedInt(id);
    } catch (NumberFormatException e) {
      throw JsonPart.error(Kind.VALUE, where, "numbers of tokens", Quoted.of(id));
    }
  }

  /**
   * The settings.
   *
   * @param special the special tokens
   * @param side where batches are filled if the config does not say
   * @param paddingType the segment number of what fills them
   * @param cleanUp whether decoding takes out spaces if the config does not say
   */
  TokenizerSettings settings(SpecialTokens special, Side side, int paddingType, boolean cleanUp) {
    Map<TokenRole, String> roles = new EnumMap<>(TokenRole.class);
    special.roles().forEach((role, token) -> roles.put(role, token.content()));
    return new TokenizerSettings(
        longest(),
        roles,
        special.additional().stream().map(SpecialToken::content).toList(),
        config.has("padding_side") ? config.choice("padding_side", SIDES) : side,
        paddingType,
        config.has("truncation_side") ? config.choice("truncation_side", SIDES) : Side.RIGHT,
        config.flag("clean_up_tokenization_spaces", cleanUp),
        chatTemplates());
  }

  // 10^30 stands for no limit.
  private OptionalInt longest() {
    JsonNode length = config.node("model_max_length");
    if (length.isMissingNode() || length.isNull()) {
      return OptionalInt.empty();
    }
    if (!length.isNumber() || length.doubleValue() < 1) {
      throw config.wrong(Kind.VALUE, "model_max_length", "a number from 1 up", length);
    }
    return length.doubleValue() > 1 << 30
        ? OptionalInt.empty()
        : OptionalInt.of((int) length.doubleValue());
  }

  private Map<String, String> chatTemplates() {
    Map<String, String> templates = new LinkedHashMap<>();
    if (config.node("chat_template").isArray()) {
      for (JsonPart template : config.parts("chat_template")) {
        templates.put(template.string("name"), template.string("template"));
        template.done();
      }
    } else if (config.has("chat_template")) {
      templates.put("default", config.string("chat_template"));
    }
    if (has("chat_template.jinja")) {
      Path file = folder.resolve("chat_template.jinja");
      templates.put("default", new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.UTF_8));
    }
    return templates;
  }

  /**
   * The settings of a tokenizer that has a {@code tokenizer.json}, which says all else: keys of the
   * config that are about cutting text are left to it, and text is cleaned up only if the config
   * says so.
   */
  TokenizerSettings besidesJson() {
    return settings(special(SpecialTokens.NONE), Side.RIGHT, 0, false);
  }

  /**
   * Ends the reading.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for a key of the config that nobody asked for
   */
  void done() {
    config.ignore(BOOKKEEPING);
    config.done();
    if (specialMap != null) {
      specialMap.done();
    }
  }
}
