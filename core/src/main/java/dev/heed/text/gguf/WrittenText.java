package dev.heed.text.gguf;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A text as llama.cpp writes it: the bytes of tokens, perhaps without English's extra spaces. */
final class WrittenText {
  private WrittenText() {}

  /**
   * Takes out spaces before {@code ? ! . ,}, those around a lone apostrophe, and those before
   * {@code 's 'm 're 've}. ({@code llama_vocab::impl::detokenize})
   */
  static byte[] cleaned(byte[] text) {
    return contractions(apostrophes(punctuation(text)));
  }

  private static byte[] punctuation(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length; i++) {
      boolean extra = text[i] == ' ' && i + 1 < text.length && isMark(text[i + 1]);
      if (!extra) {
        out.write(text[i]);
      }
    }
    return out.toByteArray();
  }

  private static boolean isMark(byte c) {
    return c == '?' || c == '!' || c == '.' || c == ',';
  }

  private static byte[] apostrophes(byte[] text) {
    byte[] out = text.clone();
    int size = Math.min(1, text.length);
    for (int i = 1; i < text.length; i++) {
      boolean alone =
          text[i] == '\'' && i + 1 < text.length && text[i - 1] == ' ' && text[i + 1] == ' ';
      if (alone) {
        out[size - 1] = '\'';
        i++;
        text[i] = 0; // what follows does not stand behind a space
      } else {
        out[size++] = text[i];
      }
    }
    return Arrays.copyOf(out, size);
  }

  private static byte[] contractions(byte[] text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length; i++) {
      boolean extra = text[i] == ' ' && i + 2 < text.length && text[i + 1] == '\'';
      if (!(extra && isContraction(text, i + 2))) {
        out.write(text[i]);
      }
    }
    return out.toByteArray();
  }

  private static boolean isContraction(byte[] text, int at) {
    byte first = text[at];
    boolean e = at + 1 < text.length && text[at + 1] == 'e';
    return first == 's' || first == 'm' || (e && (first == 'r' || first == 'v'));
  }
}
