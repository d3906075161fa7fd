package dev.heed.server;

import dev.heed.text.TextException;
import dev.heed.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log-probabilities of tokens as the two interfaces write them. */
record LogProbabilities(Tokenizer tokenizer) {
  /** What stands for minus infinity, which JSON has no number for. */
  private static final double LEAST = -9999;

  /** What bytes begin with that go on with a character of UTF-8. */
  private static final int CONTINUATION_MASK = 0xC0;

  private static final int CONTINUATION = 0x80;

  private static double finite(double logProbability) {
    return Math.max(LEAST, logProbability);
  }

  /**
   * What a token adds to a text, its space included; where that is no whole character, {@code
   * bytes:\\xe2\\x80} as OpenAI writes it.
   */
  String text(int token) {
    byte[] bytes = bytes(token);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return "bytes:\\x" + HexFormat.ofDelimiter("\\x").formatHex(bytes);
    }
  }

  private byte[] bytes(int token) {
    try {
      return tokenizer.bytes(token);
    } catch (TextException e) {
      return new byte[0]; // a row of the model's that no token has
    }
  }

  /** How many characters begin in a token. */
  int characters(int token) {
    int count = 0;
    for (byte one : bytes(token)) {
      count += (one & CONTINUATION_MASK) == CONTINUATION ? 0 : 1;
    }
    return count;
  }

  /** As chats have them: {@code {content: [{token, logprob, bytes, top_logprobs}]}}. */
  ObjectNode chat(List<TokenScores.Choice> choices) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ArrayNode content = json.putArray("content");
    for (TokenScores.Choice choice : choices) {
      ObjectNode one = scored(choice.chosen());
      ArrayNode best = one.putArray("top_logprobs");
      choice.best().forEach(other -> best.add(scored(other)));
      content.add(one);
    }
    json.putNull("refusal");
    return json;
  }

  private ObjectNode scored(TokenScores.Scored scored) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("token", text(scored.token()));
    json.put("logprob", finite(scored.logProbability()));
    ArrayNode bytes = json.putArray("bytes");
    for (byte one : bytes(scored.token())) {
      bytes.add(one & 0xFF);
    }
    return json;
  }

  /**
   * As completions have them: lists side by side.
   *
   * @param offset where the first token's text begins, in characters
   */
  ObjectNode completion(List<TokenScores.Choice> choices, int offset) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ArrayNode tokens = json.putArray("tokens");
    ArrayNode scores = json.putArray("token_logprobs");
    ArrayNode tops = json.putArray("top_logprobs");
    ArrayNode offsets = json.putArray("text_offset");
    int at = offset;
    for (TokenScores.Choice choice : choices) {
      tokens.add(text(choice.chosen().token()));
      scores.add(finite(choice.chosen().logProbability()));
      ObjectNode top = tops.addObject();
      choice.best().forEach(other -> top.put(text(other.token()), finite(other.logProbability())));
      offsets.add(at);
      at += characters(choice.chosen().token());
    }
    return json;
  }
}
