package dev.heed.text;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.StrictJson;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer.json, checked before native code sees it.
 *
 * <p>The native library ends the whole process where it panics, so everything known to make it
 * panic is refused here. The file's own truncation and padding are taken out: what is cut and
 * filled is decided by who encodes.
 *
 * @param json the file without truncation and padding
 * @param vocabulary all tokens
 * @param pad what the file pads with: token and type, or {@code [PAD]}, {@code <pad>} when it does
 *     not say
 */
record TokenizerFile(String json, Vocabulary vocabulary, Pad pad) {
  static final long MAX_BYTES = 128L << 20;
  static final String REMEDY = "The file is damaged, hostile or of a newer format; get it again.";

  /**
   * What a batch is filled with.
   *
   * @param id -1 when the tokenizer has no padding token
   */
  record Pad(int id, String token, int type) {}

  /**
   * Checks a file.
   *
   * @param where its name, for messages
   * @param utf8 its bytes
   * @throws CheckpointException {@code MALFORMED}, {@code TOO_LARGE}, {@code DUPLICATE}, {@code
   *     VALUE} or {@code UNSUPPORTED}
   */
  static TokenizerFile parse(String where, byte[] utf8) {
    if (utf8.length > MAX_BYTES) {
      throw error(Kind.TOO_LARGE, where, "at most " + MAX_BYTES + " bytes", utf8.length + "");
    }
    JsonNode root = StrictJson.parse(where, utf8);
    if (!(root instanceof ObjectNode file)) {
      throw error(Kind.MALFORMED, where, "an object", root.getNodeType().toString());
    }
    Map<String, Integer> ids = new HashMap<>();
    TokenizerModelCheck.check(where, file.path("model"), ids);
    Set<Integer> special = addedTokens(where, file.path("added_tokens"), ids);
    TokenizerPartsCheck.check(where, file);
    Vocabulary vocabulary = new Vocabulary(ids, special);
    Pad pad = pad(where, file.path("padding"), vocabulary);
    file.putNull("truncation");
    file.putNull("padding");
    return new TokenizerFile(file.toString(), vocabulary, pad);
  }

  private static Set<Integer> addedTokens(String where, JsonNode added, Map<String, Integer> ids) {
    Set<Integer> special = new HashSet<>();
    if (added.isMissingNode() || added.isNull()) {
      return special;
    }
    for (JsonNode token : list(where + ", added_tokens", added)) {
      String at = where + ", added_tokens";
      int id = id(at, token.path("id"));
      if (!token.path("content").isString()) {
        throw error(
            Kind.MALFORMED,
            at,
            "a string as content of token " + id,
            token.path("content").getNodeType() + "");
      }
      ids.put(token.path("content").stringValue(), id);
      if (token.path("special").asBoolean(false)) {
        special.add(id);
      }
    }
    return special;
  }

  private static Pad pad(String where, JsonNode padding, Vocabulary vocabulary) {
    if (padding.isObject()) {
      int id = id(where + ", padding", padding.path("pad_id"));
      int type =
          padding.has("pad_type_id") ? id(where + ", padding", padding.path("pad_type_id")) : 0;
      return new Pad(id, padding.path("pad_token").asString("[PAD]"), type);
    }
    for (String token : new String[] {"[PAD]", "<pad>", "<|endoftext|>"}) {
      if (vocabulary.id(token).isPresent()) {
        return new Pad(vocabulary.id(token).getAsInt(), token, 0);
      }
    }
    return new Pad(-1, "", 0);
  }

  static int id(String where, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
      String got = id.isValueNode() ? Quoted.of(id.toString()) : id.getNodeType().toString();
      throw error(Kind.VALUE, where, "a number from 0 to 2^31-1 as id", got);
    }
    return id.intValue();
  }

  static JsonNode list(String where, JsonNode node) {
    if (!node.isArray()) {
      throw error(Kind.MALFORMED, where, "a list", node.getNodeType().toString());
    }
    return node;
  }

  static CheckpointException error(Kind kind, String where, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, REMEDY);
  }
}
