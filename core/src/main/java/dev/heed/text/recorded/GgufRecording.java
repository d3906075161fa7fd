package dev.heed.text.recorded;

import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What llama.cpp makes of the tokenizer in a GGUF file. */
final class GgufRecording {
  private final Comparison comparison;
  private final Tokenizer tokenizer;
  private final Tokenizer literal;
  private final String name;
  private final List<Long> ends;

  GgufRecording(Comparison comparison, Tokenizer tokenizer, String name, List<Long> ends) {
    this.ends = ends;
    this.comparison = comparison;
    this.tokenizer = tokenizer;
    this.literal = tokenizer.literal();
    this.name = name;
  }

  void compare(JsonNode recorded) {
    Comparison.Entry root = comparison.entry(name, recorded);
    root.describe("case", "reference", "note", "file", "add_bos", "add_eos", "eot");
    root.check("eog", ends.stream().sorted().toList());
    root.check("n_vocab", tokenizer.vocabularySize());
    root.check("bos", tokenizer.id(TokenRole.BOS).orElse(-1));
    root.check("eos", tokenizer.id(TokenRole.EOS).orElse(-1));
    root.node("texts").forEach(this::text);
    root.done();
  }

  private void text(JsonNode node) {
    Comparison.Entry entry = comparison.entry(name + ", " + node.path("name").asString(), node);
    entry.describe("name");
    String text = entry.text("text");
    long[] ids = literal.encode(text, null, false).ids();
    entry.check("ids", ids);
    entry.check("ids_special", literal.encode(text).ids());
    long[] parsed = tokenizer.encode(text).ids();
    entry.check("ids_special_parsed", parsed);
    List<String> pieces =
        Arrays.stream(ids).mapToObj(id -> hex(tokenizer.bytes((int) id))).toList();
    entry.check("pieces_hex", pieces);
    written(entry, "detokenized", tokenizer.decode(parsed, true));
    written(entry, "detokenized_no_special", tokenizer.decode(parsed, false));
    if (entry.has("detokenized_hex")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Arrays.stream(parsed).forEach(id -> bytes.writeBytes(tokenizer.bytes((int) id)));
      entry.check("detokenized_hex", hex(bytes.toByteArray()));
    }
    entry.done();
  }

  /** Null where the text is not UTF-8. */
  private static void written(Comparison.Entry entry, String key, String text) {
    if (!entry.node(key).isNull()) {
      entry.check(key, text);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
