package dev.heed.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** Small tokenizer.json files of random parts with random options. */
final class RandomTokenizers {
  private static final String ALPHABET =
      "abcdeinorst.,'1234 -\u00e9\u0301\u4e2d\u0434\u2581\u0120AB";

  private final Random random;
  private final Map<String, Integer> vocabulary = new HashMap<>();

  private RandomTokenizers(long seed) {
    this.random = new Random(seed);
  }

  /** The file of a seed. */
  static String json(long seed) {
    return JsonMapper.shared().writeValueAsString(new RandomTokenizers(seed).file());
  }

  private Map<String, Object> file() {
    Map<String, Object> file = new HashMap<>();
    file.put("version", "1.0");
    file.put("model", model());
    file.put("added_tokens", addedTokens());
    put(file, "normalizer", () -> oneOrMore("normalizers", this::normalizer));
    put(file, "pre_tokenizer", () -> oneOrMore("pretokenizers", this::splitter));
    put(file, "post_processor", this::postProcessor);
    put(file, "decoder", () -> oneOrMore("decoders", this::decoder));
    return file;
  }

  private void put(Map<String, Object> file, String key, Supplier<Object> part) {
    if (random.nextInt(4) > 0) {
      file.put(key, part.get());
    }
  }

  private Object oneOrMore(String key, Supplier<Object> part) {
    if (random.nextBoolean()) {
      return part.get();
    }
    List<Object> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      parts.add(part.get());
    }
    return Map.of("type", "Sequence", key, parts);
  }

  private boolean flag() {
    return random.nextBoolean();
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return word.toString();
  }

  private Map<String, Object> model() {
    vocabulary.put("<unk>", 0);
    for (String piece : ALPHABET.split("")) {
      vocabulary.putIfAbsent(piece, vocabulary.size());
    }
    for (int i = 0; i < 60; i++) {
      vocabulary.putIfAbsent((random.nextInt(3) == 0 ? "##" : "") + word(), vocabulary.size());
    }
    return switch (random.nextInt(4)) {
      case 0 ->
          Map.of(
              "type",
              "WordPiece",
              "unk_token",
              "<unk>",
              "continuing_subword_prefix",
              "##",
              "max_input_chars_per_word",
              3 + random.nextInt(20),
              "vocab",
              vocabulary);
      case 1 -> Map.of("type", "WordLevel", "unk_token", "<unk>", "vocab", vocabulary);
      case 2 -> unigram();
      default -> bytePairs();
    };
  }

  private Map<String, Object> unigram() {
    addBytes();
    List<Object> pieces = new ArrayList<>();
    vocabulary.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(e -> pieces.add(List.of(e.getKey(), -random.nextInt(100) / 8.0)));
    return Map.of("type", "Unigram", "unk_id", 0, "vocab", pieces, "byte_fallback", flag());
  }

  private void addBytes() {
    if (flag()) {
      for (int b = 0; b < 256; b++) {
        vocabulary.put("<0x%02X>".formatted(b), vocabulary.size());
      }
    }
  }

  private Map<String, Object> bytePairs() {
    addBytes();
    List<List<String>> merges = new ArrayList<>();
    List<String> known = new ArrayList<>(vocabulary.keySet());
    for (int i = 0; i < 60; i++) {
      String left = any(known);
      String right = any(known);
      merges.add(List.of(left, right));
      vocabulary.putIfAbsent(left + right, vocabulary.size());
      known.add(left + right);
    }
    Map<String, Object> model = new HashMap<>();
    model.put("type", "BPE");
    model.put("unk_token", "<unk>");
    model.put("fuse_unk", flag());
    boolean suffix = random.nextInt(3) == 0;
    // The library counts the bytes of a suffix as characters of the text.
    model.put("byte_fallback", !suffix && flag());
    model.put("ignore_merges", flag());
    if (suffix) {
      model.put("end_of_word_suffix", "s");
    }
    model.put("merges", merges);
    model.put("vocab", vocabulary);
    return model;
  }

  private List<Object> addedTokens() {
    List<Object> tokens = new ArrayList<>();
    int next = vocabulary.size();
    for (String content :
        List.of(
            "<unk>", "[SEP]", "</s>", "<mask>", "aaaa", "aaa", "word", "Mixed", "<N>", "<lr>")) {
      if (random.nextInt(3) > 0) {
        continue;
      }
      boolean special = flag();
      tokens.add(
          Map.of(
              "id",
              vocabulary.containsKey(content) ? vocabulary.get(content) : next++,
              "content",
              content,
              "special",
              special,
              // A token that normalising leaves nothing of makes the library panic.
              "normalized",
              !content.startsWith("a") && flag(),
              "lstrip",
              flag(),
              "rstrip",
              flag(),
              "single_word",
              random.nextInt(3) == 0));
    }
    return tokens;
  }

  private Map<String, Object> pattern() {
    return random.nextInt(3) == 0
        ? Map.of("String", any(List.of(" ", "a", "e\u0301", "'", "  ")))
        : Map.of(
            "Regex",
            any(
                List.of(
                    "\\s+",
                    "\\d+",
                    "[,;]",
                    "\\p{L}+",
                    " ?\\p{L}+",
                    "\\s?\\p{P}+",
                    "[^\\s]",
                    "\\w+",
                    "[^\\w\\s]+",
                    "(?i:'s|'t|'ll)|\\p{N}{1,3}",
                    "\\b",
                    "\\h+",
                    "^.",
                    "\\p{Han}",
                    "[[:punct:]]",
                    "(?:ab)++|c",
                    "a{2,}",
                    "\\p{N}{1,2}+",
                    "(?=a)",
                    ".$",
                    "[^\\p{L}]",
                    "(?<=\\p{L})",
                    "(?<![a-z])\\p{L}",
                    "\\W",
                    "[\\w-]")));
  }

  private Object normalizer() {
    return switch (random.nextInt(11)) {
      case 0 ->
          Map.of(
              "type",
              "BertNormalizer",
              "clean_text",
              flag(),
              "handle_chinese_chars",
              flag(),
              "strip_accents",
              flag(),
              "lowercase",
              flag());
      case 1 -> Map.of("type", "Strip", "strip_left", flag(), "strip_right", flag());
      case 2 -> Map.of("type", "StripAccents");
      case 3, 4 -> Map.of("type", any(List.of("NFC", "NFD", "NFKC", "NFKD")));
      case 5 -> Map.of("type", "Lowercase");
      case 6 -> Map.of("type", "Nmt");
      case 7, 8 ->
          Map.of(
              "type",
              "Replace",
              "pattern",
              random.nextBoolean()
                  ? Map.of("String", any(List.of(" ", "a", "e\u0301")))
                  : Map.of("Regex", any(List.of("\\s+", " {2,}", "[^\\s]\\d", "\\p{M}"))),
              "content",
              any(List.of("", " ", "\u2581", "ab")));
      case 9 -> Map.of("type", "Prepend", "prepend", any(List.of("\u2581", "ab")));
      default -> Map.of("type", "ByteLevel");
    };
  }

  private Object splitter() {
    return switch (random.nextInt(10)) {
      case 0 -> Map.of("type", "BertPreTokenizer");
      case 1 ->
          Map.of(
              "type",
              "ByteLevel",
              "add_prefix_space",
              flag(),
              "trim_offsets",
              flag(),
              "use_regex",
              flag());
      case 2 -> Map.of("type", "CharDelimiterSplit", "delimiter", any(List.of(" ", "a", "\u4e2d")));
      case 3 ->
          Map.of(
              "type",
              "Metaspace",
              "replacement",
              "\u2581",
              "prepend_scheme",
              any(List.of("always", "first", "never")),
              "split",
              flag());
      case 4 -> Map.of("type", any(List.of("Whitespace", "WhitespaceSplit")));
      case 5 -> Map.of("type", "Punctuation", "behavior", behavior());
      case 6 -> Map.of("type", "Digits", "individual_digits", flag());
      case 7 -> Map.of("type", "UnicodeScripts");
      default ->
          Map.of("type", "Split", "pattern", pattern(), "behavior", behavior(), "invert", flag());
    };
  }

  private String behavior() {
    return any(
        List.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"));
  }

  private Object postProcessor() {
    return switch (random.nextInt(4)) {
      case 0 -> Map.of("type", "BertProcessing", "sep", List.of("a", 1), "cls", List.of("b", 2));
      case 1 ->
          Map.of(
              "type",
              "RobertaProcessing",
              "sep",
              List.of("a", 1),
              "cls",
              List.of("b", 2),
              "trim_offsets",
              flag(),
              "add_prefix_space",
              flag());
      case 2 ->
          Map.of(
              "type",
              "ByteLevel",
              "add_prefix_space",
              flag(),
              "trim_offsets",
              flag(),
              "use_regex",
              true);
      default -> template();
    };
  }

  private Object template() {
    Object special = Map.of("SpecialToken", Map.of("id", "S", "type_id", random.nextInt(3)));
    Object first = Map.of("Sequence", Map.of("id", "A", "type_id", random.nextInt(3)));
    Object second = Map.of("Sequence", Map.of("id", "B", "type_id", random.nextInt(3)));
    return Map.of(
        "type",
        "TemplateProcessing",
        "single",
        List.of(special, first),
        "pair",
        flag() ? List.of(first, special, second) : List.of(second, special, first, special),
        "special_tokens",
        Map.of("S", Map.of("id", "S", "ids", List.of(3, 4), "tokens", List.of("x", "y"))));
  }

  private Object decoder() {
    return switch (random.nextInt(9)) {
      case 0 -> Map.of("type", "BPEDecoder", "suffix", any(List.of("</w>", "s", "\u2581")));
      case 1 ->
          Map.of(
              "type",
              "ByteLevel",
              "add_prefix_space",
              true,
              "trim_offsets",
              true,
              "use_regex",
              true);
      case 2 -> Map.of("type", "WordPiece", "prefix", "##", "cleanup", flag());
      case 3 ->
          Map.of(
              "type",
              "Metaspace",
              "replacement",
              "\u2581",
              "prepend_scheme",
              any(List.of("always", "first", "never")),
              "split",
              true);
      case 4 ->
          Map.of("type", "CTC", "pad_token", "a", "word_delimiter_token", "e", "cleanup", flag());
      case 5 -> Map.of("type", "Fuse");
      case 6 ->
          Map.of(
              "type",
              "Strip",
              "content",
              any(List.of(" ", "a", "\u2581")),
              "start",
              random.nextInt(3),
              "stop",
              0);
      case 7 -> Map.of("type", "ByteFallback");
      default ->
          Map.of(
              "type",
              "Replace",
              "pattern",
              Map.of("String", any(List.of("\u2581", "a"))),
              "content",
              any(List.of(" ", "")));
    };
  }
}
