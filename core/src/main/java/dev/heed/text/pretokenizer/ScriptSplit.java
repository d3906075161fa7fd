package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import java.lang.Character.UnicodeScript;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code UnicodeScripts}: splits where the script changes. Kana counts as Han; spaces go with what
 * is before them, and are left out at the beginning.
 */
public record ScriptSplit() implements PreTokenizer {
  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    String s = text.text();
    int from = -1;
    UnicodeScript last = null;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      UnicodeScript script = script(c);
      if (script != null && script != last) {
        if (from >= 0) {
          parts.accept(text.slice(from, i));
        }
        from = i;
        last = script;
      }
      i += Character.charCount(c);
    }
    if (from >= 0) {
      parts.accept(text.slice(from, s.length()));
    }
  }

  /** The script, or null for what goes with any: spaces and unassigned characters. */
  private static @Nullable UnicodeScript script(int c) {
    UnicodeScript script = UnicodeScript.of(c);
    if (c == ' ' || script == UnicodeScript.UNKNOWN) {
      return null;
    }
    boolean han =
        script == UnicodeScript.HIRAGANA || script == UnicodeScript.KATAKANA || c == 0x30fc;
    return han ? UnicodeScript.HAN : script;
  }
}
