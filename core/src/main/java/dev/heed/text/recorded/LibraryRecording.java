package dev.heed.text.recorded;

import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the tokenizers library makes of a {@code tokenizer.json}. Offsets count code points. */
final class LibraryRecording {
  private final Comparison comparison;
  private final Tokenizer tokenizer;

  LibraryRecording(Comparison comparison, Tokenizer tokenizer) {
    this.comparison = comparison;
    this.tokenizer = tokenizer;
  }

  void compare(JsonNode recorded) {
    Comparison.Entry root = comparison.entry("recording", recorded);
    root.describe("case", "reference", "file", "note");
    root.node("texts").forEach(this::text);
    int pair = 0;
    for (JsonNode node : root.node("pairs")) {
      pair(node, "pair " + pair++);
    }
    if (root.has("batch")) {
      batch(root.node("batch"));
    }
    root.done();
  }

  private void text(JsonNode node) {
    Comparison.Entry entry = comparison.entry(node.path("name").asString(), node);
    entry.describe("name");
    String text = entry.text("text");
    List<String> texts = List.of(text);
    Encoding plain = windows(List.of(tokenizer.encode(text, null, false))).getFirst().getFirst();
    entry.check("tokens", plain.texts());
    entry.check("ids", plain.ids());
    entry.check("offsets", offsets(plain, texts));
    entry.check("word_ids", words(plain));
    List<Encoding> special = windows(List.of(tokenizer.encode(text))).getFirst();
    Encoding first = special.getFirst();
    entry.check("tokens_special", first.texts());
    entry.check("ids_special", first.ids());
    entry.check("type_ids", first.typeIds());
    entry.check("special_tokens_mask", specials(first));
    entry.check("attention_mask", attention(first));
    entry.check("offsets_special", offsets(first, texts));
    overflowing(entry, special, texts);
    decoded(entry, first);
    entry.done();
  }

  private List<List<Encoding>> windows(List<Encoding> encodings) {
    return tokenizer.batchRule().apply(encodings);
  }

  private void pair(JsonNode node, String name) {
    Comparison.Entry entry = comparison.entry(name, node);
    List<String> texts = List.of(entry.text("text"), entry.text("pair"));
    List<Encoding> windows =
        windows(List.of(tokenizer.encode(texts.get(0), texts.get(1)))).getFirst();
    encoding(entry, windows, texts);
    decoded(entry, windows.getFirst());
    entry.done();
  }

  private void decoded(Comparison.Entry entry, Encoding encoding) {
    entry.check("decoded", tokenizer.decode(encoding.ids(), true));
    entry.check("decoded_skip_special", tokenizer.decode(encoding.ids(), false));
  }

  private void batch(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.path("texts").forEach(text -> texts.add(text.asString()));
    List<List<Encoding>> windows = windows(tokenizer.encodeAll(texts));
    for (int i = 0; i < texts.size(); i++) {
      Comparison.Entry entry = comparison.entry("batch " + i, node.path("encodings").path(i));
      encoding(entry, windows.get(i), List.of(texts.get(i)));
      entry.done();
    }
  }

  private void encoding(Comparison.Entry entry, List<Encoding> windows, List<String> texts) {
    values(windows.getFirst(), texts).forEach(entry::check);
    overflowing(entry, windows, texts);
  }

  /** Further windows; the library keeps some of those of two cut texts within others. */
  private void overflowing(Comparison.Entry entry, List<Encoding> windows, List<String> texts) {
    if (!entry.has("overflowing")) {
      return;
    }
    List<Map<String, Object>> ours =
        windows.stream().skip(1).map(window -> values(window, texts)).toList();
    List<JsonNode> theirs = new ArrayList<>();
    List<JsonNode> nested = new ArrayList<>();
    for (JsonNode window : entry.node("overflowing")) {
      window.path("overflowing").forEach(nested::add);
      theirs.add(((ObjectNode) window).without("overflowing"));
    }
    entry.check("overflowing", ours, theirs);
    List<String> known = ours.stream().map(Written::of).toList();
    for (JsonNode window : nested) {
      entry.check("window within a window", known.contains(Written.of(window)), true);
    }
  }

  private static Map<String, Object> values(Encoding encoding, List<String> texts) {
    Map<String, Object> values = new TreeMap<>();
    values.put("ids", encoding.ids());
    values.put("tokens", encoding.texts());
    values.put("type_ids", encoding.typeIds());
    values.put("attention_mask", attention(encoding));
    values.put("special_tokens_mask", specials(encoding));
    values.put("offsets", offsets(encoding, texts));
    values.put("word_ids", words(encoding));
    return values;
  }

  private static int[] words(Encoding encoding) {
    return encoding.tokens().stream().mapToInt(Token::word).toArray();
  }

  private static int[] attention(Encoding encoding) {
    return encoding.tokens().stream().mapToInt(t -> t.padding() ? 0 : 1).toArray();
  }

  private static int[] specials(Encoding encoding) {
    return encoding.tokens().stream().mapToInt(t -> t.special() ? 1 : 0).toArray();
  }

  /** In code points, null for tokens that stand for no text. */
  static List<@Nullable List<Integer>> offsets(Encoding encoding, List<String> texts) {
    List<@Nullable List<Integer>> offsets = new ArrayList<>();
    for (Token token : encoding.tokens()) {
      if (token.sequence() < 0) {
        offsets.add(null);
      } else {
        String text = texts.get(token.sequence());
        offsets.add(
            List.of(text.codePointCount(0, token.start()), text.codePointCount(0, token.end())));
      }
    }
    return offsets;
  }
}
