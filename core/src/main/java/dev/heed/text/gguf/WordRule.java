package dev.heed.text.gguf;

import dev.heed.text.pattern.WordSplit;
import dev.heed.text.pretokenizer.LlamaCppSplit;
import dev.heed.text.pretokenizer.LlamaCppSplit.Expression;
import dev.heed.text.pretokenizer.LlamaCppSplit.Step;
import dev.heed.text.pretokenizer.LlamaCppSplit.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How llama.cpp splits the words of a byte-pair vocabulary, by {@code tokenizer.ggml.pre}. ({@code
 * llama-vocab.cpp}: names, expressions and flags.)
 */
enum WordRule {
  DEFAULT("default", "[\\p{P}\\$\\+<=>\\^~\\|]+", "GPT2", "\\p{N}+", "[0-9][0-9][0-9]"),
  LLAMA3("llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2", "LLAMA3"),
  DBRX("dbrx smaug-bpe", "LLAMA3"),
  CHATGLM("chatglm-bpe", "LLAMA3"),
  GPT2("gpt-2 phi-2 jina-es jina-de jina-v2-es jina-v2-de gigachat roberta-bpe", "GPT2"),
  MPT("mpt olmo jais exaone4", "GPT2"),
  FALCON("falcon", "[\\p{P}\\$\\+<=>\\^~\\|`]+", "GPT2", "[0-9][0-9][0-9]"),
  STARCODER("starcoder refact codeshell exaone minerva-7b", "\\p{N}", "GPT2"),
  COMMAND_R("command-r smollm", "\\p{N}", "GPT2"),
  QWEN2("qwen2 deepseek-r1-qwen hunyuan", WordRule.ONE_DIGIT),
  STABLELM2("stablelm2 megrez", WordRule.ONE_DIGIT),
  BLOOM("bloom gpt3-finnish", WordRule.FINNISH),
  PORO("poro-chat", WordRule.FINNISH),
  VIKING("viking", WordRule.FINNISH, "\\p{N}"),
  TEKKEN(
      "tekken",
      WordRule.UPPER
          + "*"
          + WordRule.LOWER
          + "+|"
          + WordRule.UPPER
          + "+"
          + WordRule.LOWER
          + "*|\\p{N}"
          + WordRule.REST),
  GPT4O(
      "gpt-4o llama4",
      WordRule.UPPER
          + "*"
          + WordRule.LOWER
          + "+"
          + WordRule.CONTRACTIONS
          + "?|"
          + WordRule.UPPER
          + "+"
          + WordRule.LOWER
          + "*"
          + WordRule.CONTRACTIONS
          + "?|\\p{N}{1,3}"
          + WordRule.REST),
  CHAMELEON(
      "chameleon",
      "<sentinel:[0-9]+>",
      "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z",
      "([\\t\\n]|    |  )",
      "\\p{N}",
      "[\\p{P}!-/:-@\\[-`{-~]",
      "GPT2"),
  DEEPSEEK_LLM(
      "deepseek-llm",
      "[\r\n]",
      WordRule.ALPHABETS,
      "\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+",
      "\\s+$",
      WordRule.IDEOGRAPHS,
      "\\p{N}+"),
  DEEPSEEK_CODER(
      "deepseek-coder", "[\r\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", WordRule.IDEOGRAPHS, "\\p{N}"),
  DEEPSEEK_V3(
      "deepseek-v3",
      "\\p{N}{1,3}",
      "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
          + "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
          + "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+");

  private static final String CONTRACTIONS =
      "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
  private static final String ONE_DIGIT =
      CONTRACTIONS
          + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String FINNISH =
      " ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+";
  private static final String UPPER = "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))";
  private static final String LOWER = "((?=[\\p{L}])([^A-Z]))";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String IDEOGRAPHS = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+";
  private static final String ALPHABETS =
      "\\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-"
          + "\u0293\u0295-\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-"
          + "\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556"
          + "\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b"
          + "\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d"
          + "\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe"
          + "\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4"
          + "\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128"
          + "\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184"
          + "\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b"
          + "\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17"
          + "\uff21-\uff3a\uff41-\uff5a\ud801\udc00-\ud801\udc4f\ud801\udcb0-\ud801\udcd3"
          + "\ud801\udcd8-\ud801\udcfb\ud803\udc80-\ud803\udcb2\ud803\udcc0-\ud803\udcf2"
          + "\ud806\udca0-\ud806\udcdf\ud83a\udd00-\ud83a\udd43]+";

  private final List<String> names;
  private final List<String> expressions;

  WordRule(String names, String... expressions) {
    this.names = Arrays.asList(names.split(" "));
    this.expressions = List.of(expressions);
  }

  /** The rule of a name. */
  static Optional<WordRule> of(String name) {
    return Arrays.stream(values()).filter(rule -> rule.names.contains(name)).findFirst();
  }

  /** Every name. */
  static List<String> allNames() {
    return Arrays.stream(values()).flatMap(rule -> rule.names.stream()).sorted().toList();
  }

  /** The splitter. */
  LlamaCppSplit splitter() {
    List<Step> steps = new ArrayList<>();
    for (String expression : expressions) {
      steps.add(
          switch (expression) {
            case "GPT2" -> new Words(WordSplit.GPT2);
            case "LLAMA3" -> new Words(WordSplit.THREE_DIGITS);
            default -> Expression.of(expression);
          });
    }
    return new LlamaCppSplit(steps);
  }

  /** Whether a word that is a token is taken whole. */
  boolean takesWhole() {
    return this == LLAMA3 || this == TEKKEN;
  }

  /** Whether a text begins with a token if the file does not say. */
  boolean begins() {
    return takesWhole() || this == CHAMELEON;
  }

  /** Whether spaces before punctuation go when a text is written. */
  boolean cleans() {
    return switch (this) {
      case DEFAULT, LLAMA3, DBRX, CHATGLM, GPT2, MPT, FALCON, STARCODER, STABLELM2, BLOOM -> true;
      case COMMAND_R,
          QWEN2,
          PORO,
          VIKING,
          TEKKEN,
          GPT4O,
          CHAMELEON,
          DEEPSEEK_LLM,
          DEEPSEEK_CODER,
          DEEPSEEK_V3 ->
          false;
    };
  }
}
