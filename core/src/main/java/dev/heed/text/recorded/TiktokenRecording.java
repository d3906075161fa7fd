package dev.heed.text.recorded;

import dev.heed.text.Tokenizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What tiktoken makes of its ranks. */
final class TiktokenRecording {
  private final Comparison comparison;
  private final Tokenizer tokenizer;

  TiktokenRecording(Comparison comparison, Tokenizer tokenizer) {
    this.comparison = comparison;
    this.tokenizer = tokenizer;
  }

  void compare(JsonNode recorded) {
    Comparison.Entry root = comparison.entry("recording", recorded);
    root.describe("case", "reference", "files", "note");
    root.node("texts").forEach(this::text);
    root.done();
  }

  private void text(JsonNode node) {
    Comparison.Entry entry = comparison.entry(node.path("name").asString(), node);
    entry.describe("name");
    String text = entry.text("text");
    long[] ordinary = tokenizer.literal().encode(text).ids();
    entry.check("ids_ordinary", ordinary);
    List<String> bytes =
        Arrays.stream(ordinary)
            .mapToObj(id -> Base64.getEncoder().encodeToString(tokenizer.bytes((int) id)))
            .toList();
    entry.check("token_bytes_base64", bytes);
    long[] special = tokenizer.encode(text).ids();
    entry.check("ids_with_special", special);
    entry.check("decoded", tokenizer.decode(special, true));
    entry.done();
  }
}
