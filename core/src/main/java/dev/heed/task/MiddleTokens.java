package dev.heed.task;

import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that tell a model of code what stands before and after a missing middle.
 *
 * @param prefix before what stands before
 * @param suffix before what stands after
 * @param middle after which the model writes, or -1 where it writes after the suffix alone
 * @param suffixFirst whether what stands after comes first
 * @param ends tokens that end a middle
 */
record MiddleTokens(int prefix, int suffix, int middle, boolean suffixFirst, List<Integer> ends) {
  /** Spellings: prefix, suffix, middle. */
  private static final List<List<String>> SPELLINGS =
      List.of(
          // StarCoder and StarCoder 2
          List.of("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
          // SantaCoder
          List.of("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
          // Qwen Coder, CodeGemma
          List.of("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
          // Code Llama
          List.of("▁<PRE>", "▁<SUF>", "▁<MID>"),
          // DeepSeek Coder
          List.of("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
          // GLM
          List.of("<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>"));

  /** Codestral writes after {@code [SUFFIX] … [PREFIX] …}. */
  private static final List<String> CODESTRAL = List.of("[PREFIX]", "[SUFFIX]");

  private static final List<String> ENDS =
      List.of(
          "<|endoftext|>",
          "<|fim_pad|>",
          "<|file_sep|>",
          "<|file_separator|>",
          "<file_sep>",
          "▁<EOT>",
          "<|EOT|>");

  MiddleTokens {
    ends = List.copyOf(ends);
  }

  /** Those of a vocabulary, or null where it has none. */
  static @Nullable MiddleTokens of(Tokenizer tokenizer) {
    List<Integer> ends = new ArrayList<>();
    ENDS.forEach(end -> tokenizer.id(end).ifPresent(ends::add));
    for (List<String> spelling : SPELLINGS) {
      if (all(tokenizer, spelling)) {
        int[] ids = ids(tokenizer, spelling);
        return new MiddleTokens(ids[0], ids[1], ids[2], false, ends);
      }
    }
    if (all(tokenizer, CODESTRAL)) {
      int[] ids = ids(tokenizer, CODESTRAL);
      return new MiddleTokens(ids[0], ids[1], -1, true, ends);
    }
    return null;
  }

  private static boolean all(Tokenizer tokenizer, List<String> spelling) {
    return spelling.stream().allMatch(token -> tokenizer.id(token).isPresent());
  }

  private static int[] ids(Tokenizer tokenizer, List<String> spelling) {
    return spelling.stream().mapToInt(token -> tokenizer.id(token).orElseThrow()).toArray();
  }

  /** What the model reads. */
  List<Integer> order(List<Integer> before, List<Integer> after) {
    Stream<Integer> first = Stream.concat(Stream.of(prefix), before.stream());
    Stream<Integer> second = Stream.concat(Stream.of(suffix), after.stream());
    Stream<Integer> both =
        suffixFirst ? Stream.concat(second, first) : Stream.concat(first, second);
    return (middle < 0 ? both : Stream.concat(both, Stream.of(middle))).toList();
  }
}
