package dev.heed.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.heed.text.align.WellFormed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokenizers library itself, in native code: what Heed's tokenizers are compared with. */
final class LibraryTokenizer implements AutoCloseable {
  private final long handle;

  static {
    System.setProperty("ai.djl.offline", "true");
    LibUtils.checkStatus();
  }

  /** Reads a tokenizer.json; what it says about cutting and filling must be null. */
  LibraryTokenizer(String json) {
    handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
  }

  /** One encoded text, or pair of texts. */
  List<Token> encode(String text, @Nullable String pair, boolean special) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding =
        pair == null
            ? library.encode(handle, WellFormed.of(text), special)
            : library.encodeDual(handle, WellFormed.of(text), WellFormed.of(pair), special);
    try {
      return tokens(encoding, text, pair == null ? "" : pair);
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private static List<Token> tokens(long encoding, String... texts) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long[] ids = library.getTokenIds(encoding);
    long[] types = library.getTypeIds(encoding);
    long[] words = library.getWordIds(encoding);
    long[] sequences = library.getSequenceIds(encoding);
    long[] special = library.getSpecialTokenMask(encoding);
    String[] spellings = library.getTokens(encoding);
    @Nullable CharSpan[] spans = library.getTokenCharSpans(encoding);
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      int sequence = special[i] == 1 ? -1 : (int) sequences[i];
      CharSpan span = sequence < 0 ? null : spans[i];
      tokens.add(
          new Token(
              (int) ids[i],
              spellings[i],
              span == null ? 0 : index(texts[sequence], span.getStart()),
              span == null ? 0 : index(texts[sequence], span.getEnd()),
              sequence < 0 ? -1 : (int) words[i],
              sequence,
              (int) types[i],
              special[i] == 1,
              false));
    }
    return tokens;
  }

  /** The UTF-16 index of a code point. */
  private static int index(String text, int codePoint) {
    int points = text.codePointCount(0, text.length());
    return text.offsetByCodePoints(0, Math.min(codePoint, points));
  }

  String decode(long[] ids, boolean special) {
    return TokenizersLibrary.LIB.decode(handle, ids, !special);
  }

  /** The ids alone, as cheaply as the library gives them. */
  long[] ids(String text) {
    long encoding = TokenizersLibrary.LIB.encode(handle, text, true);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding);
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  @Override
  public void close() {
    TokenizersLibrary.LIB.deleteTokenizer(handle);
  }
}
