package dev.heed.text.decoder;

/** Takes out the spaces before English punctuation and contractions that joining words left. */
public final class CleanUp {
  private static final String[][] RULES = {
    {" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"}, {" n't", "n't"}, {" 'm", "'m"}
  };
  private static final String[][] MORE_RULES = {{" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

  private CleanUp() {}

  /** As the tokenizers library does with each piece. */
  static String pieces(String text) {
    return apply(apply(text, RULES).replace(" do not", " don't"), MORE_RULES);
  }

  /** As transformers does with a whole text ({@code clean_up_tokenization}). */
  public static String text(String text) {
    return apply(apply(text, RULES), MORE_RULES);
  }

  private static String apply(String text, String[][] rules) {
    String result = text;
    for (String[] rule : rules) {
      result = result.replace(rule[0], rule[1]);
    }
    return result;
  }
}
