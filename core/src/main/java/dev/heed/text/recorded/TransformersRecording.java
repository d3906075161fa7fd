package dev.heed.text.recorded;

import dev.heed.text.Encoding;
import dev.heed.text.Padding;
import dev.heed.text.Side;
import dev.heed.text.Token;
import dev.heed.text.TokenRole;
import dev.heed.text.Tokenizer;
import dev.heed.text.TokenizerSettings;
import dev.heed.text.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What transformers' Python tokenizers make of the files of one checkpoint. */
final class TransformersRecording {
  private final Comparison comparison;
  private final Tokenizer tokenizer;
  private boolean countsText;

  TransformersRecording(Comparison comparison, Tokenizer tokenizer) {
    this.comparison = comparison;
    this.tokenizer = tokenizer;
  }

  void compare(JsonNode recorded) {
    String reference = recorded.path("reference").asString("");
    countsText = reference.contains("PegasusTokenizer") || reference.contains("MarianTokenizer");
    Comparison.Entry root = comparison.entry("recording", recorded);
    root.describe("case", "reference", "files", "config", "note");
    root.check("vocab_size", tokenizer.vocabularySize());
    root.check("length", tokenizer.vocabularySize());
    settings(root);
    root.node("texts").forEach(this::text);
    int count = 0;
    for (JsonNode node : root.node("pairs")) {
      pair(comparison.entry("pair " + count++, node));
    }
    count = 0;
    for (JsonNode node : root.node("truncation")) {
      truncated(comparison.entry("truncation " + count++, node));
    }
    count = 0;
    for (JsonNode node : root.node("padding")) {
      padded(comparison.entry("padding " + count++, node));
    }
    root.node("target_texts").forEach(this::target);
    root.done();
  }

  private void settings(Comparison.Entry root) {
    TokenizerSettings settings = tokenizer.settings();
    Map<String, Object> spellings = new TreeMap<>();
    Map<String, Object> numbers = new TreeMap<>();
    settings
        .roles()
        .forEach((role, token) -> {
          spellings.put(role.key(), token);
          numbers.put(role.key(), tokenizer.id(role).orElse(-1));
        });
    List<String> additional = settings.additionalSpecialTokens();
    if (!additional.isEmpty()) {
      spellings.put("additional_special_tokens", additional);
      numbers.put("additional_special_tokens", additional.stream().map(this::number).toList());
    }
    root.check("special_tokens_map", spellings);
    root.check("special_tokens", numbers);
    root.check("padding_side", settings.paddingSide().name().toLowerCase(Locale.ROOT));
    OptionalInt most = settings.modelMaxLength();
    root.check("model_max_length", most.isPresent() ? most.getAsInt() : null);
  }

  private int number(String token) {
    return tokenizer.id(token).orElse(-1);
  }

  private void text(JsonNode node) {
    Comparison.Entry entry = comparison.entry(node.path("name").asString(), node);
    entry.describe("name");
    String text = entry.text("text");
    Encoding plain = tokenizer.encode(text, null, false);
    Encoding special = tokenizer.encode(text);
    if (entry.has("error")) { // The reference fails: there must be something, whatever it is.
      entry.check("error", plain.size() < special.size(), true);
      entry.done();
      return;
    }
    entry.check("tokens", plain.texts());
    entry.check("ids", plain.ids());
    entry.check("ids_special", special.ids());
    entry.check("token_type_ids", special.typeIds());
    entry.check("special_tokens_mask", specials(special, entry.node("special_tokens_mask").size()));
    entry.check("decoded", tokenizer.decode(special.ids(), true));
    entry.check("decoded_skip_special", tokenizer.decode(special.ids(), false));
    entry.check("decoded_skip_special_no_cleanup", tokenizer.decode(special.ids(), false, false));
    entry.check("decoded_skip_special_cleanup", tokenizer.decode(special.ids(), false, true));
    entry.done();
  }

  /**
   * Which tokens were added. The classes of Pegasus and Marian count special tokens in the text,
   * too; and T5's counts an end that it does not add because the text has one.
   */
  private List<Integer> specials(Encoding encoding, int recorded) {
    List<Integer> mask = new ArrayList<>();
    for (Token token : encoding.tokens()) {
      mask.add(token.special() || (countsText && isSpecialText(token)) ? 1 : 0);
    }
    boolean endsByItself =
        mask.size() + 1 == recorded
            && encoding.tokens().getLast().id() == tokenizer.id(TokenRole.EOS).orElse(-1);
    if (endsByItself) {
      mask.add(1);
    }
    return mask;
  }

  private boolean isSpecialText(Token token) {
    return tokenizer.isSpecial(token.id()) && token.id() != tokenizer.id(TokenRole.UNK).orElse(-1);
  }

  private void pair(Comparison.Entry entry) {
    Encoding encoding = tokenizer.encode(entry.text("text"), entry.text("pair"));
    if (entry.has("error")) {
      entry.check("error", !encoding.tokens().isEmpty(), true);
      entry.done();
      return;
    }
    entry.check("ids", encoding.ids());
    entry.check("token_type_ids", encoding.typeIds());
    entry.check(
        "special_tokens_mask", specials(encoding, entry.node("special_tokens_mask").size()));
    entry.done();
  }

  private void truncated(Comparison.Entry entry) {
    entry.describe("kind");
    Encoding encoding =
        entry.has("pair")
            ? tokenizer.encode(entry.text("text"), entry.text("pair"))
            : tokenizer.encode(entry.text("text"));
    Truncation truncation =
        switch (entry.text("strategy")) {
          case "only_first" -> Truncation.ONLY_FIRST;
          case "only_second" -> Truncation.ONLY_SECOND;
          default -> Truncation.TOKEN_BY_TOKEN;
        };
    Side side = side(entry.text("truncation_side"));
    Encoding cut = encoding.truncatedTo(entry.node("max_length").intValue(), truncation, side);
    entry.check("ids", cut.ids());
    entry.check("token_type_ids", cut.typeIds());
    entry.done();
  }

  private static Side side(String name) {
    return name.equals("left") ? Side.LEFT : Side.RIGHT;
  }

  private void padded(Comparison.Entry entry) {
    List<String> texts = new ArrayList<>();
    entry.node("texts").forEach(text -> texts.add(text.asString()));
    boolean longest = entry.text("padding").equals("longest");
    int multiple = entry.node("pad_to_multiple_of").asInt(1);
    Padding padding =
        new Padding(
            longest ? 0 : entry.node("max_length").asInt(0),
            Math.max(1, multiple),
            side(entry.text("padding_side")),
            tokenizer.padding());
    boolean cuts = entry.node("truncation").asBoolean(false);
    int most = cuts ? entry.node("max_length").intValue() : Integer.MAX_VALUE;
    List<Encoding> filled =
        padding.fill(
            texts.stream()
                .map(text ->
                    tokenizer
                        .encode(text)
                        .truncatedTo(
                            most, Truncation.TOKEN_BY_TOKEN, tokenizer.settings().truncationSide()))
                .toList());
    entry.check("ids", filled.stream().map(Encoding::ids).toList());
    entry.check("token_type_ids", filled.stream().map(Encoding::typeIds).toList());
    entry.check(
        "attention_mask",
        filled.stream()
            .map(e -> e.tokens().stream().map(t -> t.padding() ? 0 : 1).toList())
            .toList());
    entry.done();
  }

  private void target(JsonNode node) {
    Comparison.Entry entry = comparison.entry("target " + node.path("name").asString(), node);
    entry.describe("name");
    Encoding encoding = tokenizer.target().encode(entry.text("text"));
    entry.check("ids_special", encoding.ids());
    entry.check("decoded", tokenizer.decode(encoding.ids(), true));
    entry.check("decoded_skip_special", tokenizer.decode(encoding.ids(), false));
    entry.done();
  }
}
