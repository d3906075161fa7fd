package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokens as texts, with a tokenizer of word pieces that begin with spaces, and of bytes. */
@Tag("integration")
class LogProbabilitiesTest {
  private static final String TEXT = "you told Tom, é \uD83D\uDE42";

  private final Tokenizer tokenizer =
      Tokenizer.open(
          Path.of(
              "..",
              "core",
              "src",
              "test",
              "resources",
              "golden",
              "tokenizers",
              "json-unigram-byte-fallback",
              "tokenizer.json"));
  private final LogProbabilities scores = new LogProbabilities(tokenizer);

  @Test
  void tokens_side_by_side_are_the_text_and_offsets_say_where_they_begin() {
    List<TokenScores.Choice> choices = new ArrayList<>();
    for (long id : tokenizer.ids(TEXT, Integer.MAX_VALUE)) {
      choices.add(new TokenScores.Choice(new TokenScores.Scored((int) id, -1), List.of()));
    }
    ObjectNode json = scores.completion(choices, 7);
    StringBuilder whole = new StringBuilder();
    int at = 7;
    for (int i = 0; i < choices.size(); i++) {
      String token = json.path("tokens").path(i).stringValue();
      assertThat(json.path("text_offset").path(i).intValue()).as(token).isEqualTo(at);
      if (!token.startsWith("bytes:")) {
        whole.append(token);
        at += token.codePointCount(0, token.length());
      } else {
        at += token.equals("bytes:\\xf0") ? 1 : 0; // one character of four bytes
      }
    }
    assertThat(whole.toString().strip()).isEqualTo("you told Tom, é");
    assertThat(json.path("tokens").toString())
        .contains("bytes:\\\\xf0", "bytes:\\\\x9f", "bytes:\\\\x99", "bytes:\\\\x82");
  }

  @Test
  void a_chats_bytes_are_the_texts() {
    StringBuilder whole = new StringBuilder();
    List<Byte> bytes = new ArrayList<>();
    for (long id : tokenizer.ids("told you", Integer.MAX_VALUE)) {
      JsonNode one =
          scores
              .chat(
                  List.of(
                      new TokenScores.Choice(
                          new TokenScores.Scored((int) id, Double.NEGATIVE_INFINITY), List.of())))
              .path("content")
              .path(0);
      whole.append(one.path("token").stringValue());
      one.path("bytes").forEach(b -> bytes.add((byte) b.intValue()));
      assertThat(one.path("logprob").doubleValue()).isEqualTo(-9999);
    }
    byte[] all = new byte[bytes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes.get(i);
    }
    assertThat(new String(all, StandardCharsets.UTF_8)).isEqualTo(whole.toString());
    assertThat(whole.toString()).endsWith("told you");
  }
}
