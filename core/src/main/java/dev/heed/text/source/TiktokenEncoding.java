package dev.heed.text.source;

import dev.heed.text.pattern.WordSplit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a published file of ranks does not say: how words are split, and which special tokens there
 * are. (tiktoken, {@code openai_public.py}; Llama 3, {@code tokenizer.py}; Qwen, {@code
 * tokenization_qwen.py}.)
 */
public enum TiktokenEncoding {
  /** GPT-3's. */
  R50K_BASE(WordSplit.GPT2.regex(), Map.of("<|endoftext|>", 50_256)),
  /** Codex's. */
  P50K_BASE(WordSplit.GPT2.regex(), Map.of("<|endoftext|>", 50_256)),
  /** GPT-4's. */
  CL100K_BASE(
      WordSplit.THREE_DIGITS.regex(),
      Map.of(
          "<|endoftext|>", 100_257,
          "<|fim_prefix|>", 100_258,
          "<|fim_middle|>", 100_259,
          "<|fim_suffix|>", 100_260,
          "<|endofprompt|>", 100_276)),
  /** GPT-4o's. */
  O200K_BASE(o200k(), Map.of("<|endoftext|>", 199_999, "<|endofprompt|>", 200_018)),
  /** Llama 3's {@code tokenizer.model}; its special tokens follow the ranks. */
  LLAMA3(WordSplit.THREE_DIGITS.regex(), Map.of()),
  /** The first Qwen's {@code qwen.tiktoken}; its special tokens follow the ranks. */
  QWEN(WordSplit.ONE_DIGIT.regex(), Map.of());

  /** Where a text begins, in Llama 3. */
  public static final String LLAMA3_BEGIN = "<|begin_of_text|>";

  private final String pattern;
  private final Map<String, Integer> special;

  TiktokenEncoding(String pattern, Map<String, Integer> special) {
    this.pattern = pattern;
    this.special = special;
  }

  private static String o200k() {
    String upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    String lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    String before = "[^\\r\\n\\p{L}\\p{N}]?";
    String ending = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
    return (before + upper + "*" + lower + "+" + ending)
        + ("|" + before + upper + "+" + lower + "*" + ending)
        + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  /** The one of a file, by its name without {@code .tiktoken}. */
  public static Optional<TiktokenEncoding> named(String name) {
    for (TiktokenEncoding encoding : values()) {
      if (encoding.name().equalsIgnoreCase(name)) {
        return Optional.of(encoding);
      }
    }
    return Optional.empty();
  }

  /** The splitting expression. */
  public String pattern() {
    return pattern;
  }

  /**
   * The special tokens.
   *
   * @param ranks how many tokens the file has
   */
  public Map<String, Integer> special(int ranks) {
    List<String> following =
        switch (this) {
          case LLAMA3 -> llama3();
          case QWEN -> qwen();
          default -> List.of();
        };
    Map<String, Integer> all = new LinkedHashMap<>(special);
    following.forEach(token -> all.put(token, ranks + all.size()));
    return all;
  }

  private static List<String> llama3() {
    List<String> tokens = new ArrayList<>(List.of(LLAMA3_BEGIN, "<|end_of_text|>"));
    reserved(tokens, 0, 4);
    tokens.addAll(List.of("<|start_header_id|>", "<|end_header_id|>"));
    reserved(tokens, 4, 5);
    tokens.add("<|eot_id|>");
    reserved(tokens, 5, 251);
    return tokens;
  }

  private static void reserved(List<String> tokens, int from, int to) {
    for (int i = from; i < to; i++) {
      tokens.add("<|reserved_special_token_" + i + "|>");
    }
  }

  private static List<String> qwen() {
    List<String> tokens = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
    for (int i = 0; i < 205; i++) {
      tokens.add("<|extra_" + i + "|>");
    }
    return tokens;
  }
}
