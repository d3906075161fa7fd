package dev.heed.task;

import dev.heed.generate.config.GenerationConfig;
import dev.heed.task.TranslatorLanguages.Kind;
import dev.heed.text.Encoding;
import dev.heed.text.Token;
import dev.heed.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a translator is told one language and another.
 *
 * @param languages what it has
 * @param source the token of the source's language, or -1 for the tokenizer's own
 * @param target the token of the translation's language, or -1 for none
 * @param prefix text before the source
 */
record LanguageRoute(TranslatorLanguages languages, int source, int target, String prefix) {
  /**
   * A source as the model reads it.
   *
   * @param text with what stands before it
   * @param encoding of the text by the tokenizer alone
   * @param ids what the model reads
   * @param shift by how many places the text's tokens stand later there
   */
  record Source(String text, Encoding encoding, int[] ids, int shift) {}

  /** Encodes a source. */
  Source read(String given, Tokenizer tokenizer) {
    String text = prefix + given;
    Encoding encoding = tokenizer.encode(text);
    List<Integer> ids = new ArrayList<>(encoding.tokens().stream().map(Token::id).toList());
    int shift = 0;
    if (languages.kind() == Kind.MARIAN || languages.kind() == Kind.MADLAD) {
      ids.addFirst(target);
      shift = 1;
    } else if (source >= 0 && !retold(encoding, ids)) {
      // a tokenizer that adds no language: after the text in mBART's first kind, else before it
      shift = languages.kind() == Kind.MBART ? 0 : 1;
      ids.add(shift == 0 ? ids.size() : 0, source);
    }
    return new Source(text, encoding, ids.stream().mapToInt(Integer::intValue).toArray(), shift);
  }

  /** Puts the source's language where the tokenizer puts its own. */
  private boolean retold(Encoding encoding, List<Integer> ids) {
    boolean told = false;
    for (int i = 0; i < ids.size(); i++) {
      if (encoding.tokens().get(i).special() && isLanguage(ids.get(i))) {
        ids.set(i, source);
        told = true;
      }
    }
    return told;
  }

  private boolean isLanguage(int token) {
    return languages.known().stream().anyMatch(code -> code.token() == token);
  }

  /**
   * What generation begins with: the target's token after the start token, or, where mBART's first
   * kind has no start token but a language, in its place.
   */
  GenerationConfig config(GenerationConfig config) {
    Kind kind = languages.kind();
    if (target < 0 || kind == Kind.MARIAN || kind == Kind.MADLAD) {
      return config;
    }
    Integer start = config.tokens().decoderStartTokenId();
    boolean begins = kind == Kind.MBART && (start == null || isLanguage(start));
    return begins
        ? config.with("decoder_start_token_id", target).with("forced_bos_token_id", null)
        : config.with("forced_bos_token_id", target);
  }
}
