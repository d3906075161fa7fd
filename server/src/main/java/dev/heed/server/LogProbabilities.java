package dev.heed.server;

import dev.heed.text.TextException;
import dev.heed.text.Tokenizer;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Log-probabilities of tokens as the two interfaces write them. */
record LogProbabilities(Tokenizer tokenizer) {
  /** What stands for minus infinity, which JSON has no number for. */
  private static final double LEAST = -9999;

  private static double finite(double logProbability) {
    return Math.max(LEAST, logProbability);
  }

  String text(int token) {
    try {
      return tokenizer.decode(new long[] {token}, true);
    } catch (TextException e) {
      return "";
    }
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
    try {
      for (byte one : tokenizer.bytes(scored.token())) {
        bytes.add(one & 0xFF);
      }
    } catch (TextException e) {
      json.putNull("bytes");
    }
    return json;
  }

  /**
   * As completions have them: lists side by side.
   *
   * @param offset where the first token's text begins
   */
  ObjectNode completion(List<TokenScores.Choice> choices, int offset) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ArrayNode tokens = json.putArray("tokens");
    ArrayNode scores = json.putArray("token_logprobs");
    ArrayNode tops = json.putArray("top_logprobs");
    ArrayNode offsets = json.putArray("text_offset");
    int at = offset;
    for (TokenScores.Choice choice : choices) {
      String text = text(choice.chosen().token());
      tokens.add(text);
      scores.add(finite(choice.chosen().logProbability()));
      ObjectNode top = tops.addObject();
      choice.best().forEach(other -> top.put(text(other.token()), finite(other.logProbability())));
      offsets.add(at);
      at += text.length();
    }
    return json;
  }
}
