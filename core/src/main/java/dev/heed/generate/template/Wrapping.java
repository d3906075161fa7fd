package dev.heed.generate.template;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks a line as Python's {@code textwrap} does, keeping its white space.
 *
 * @param width most characters of a line
 * @param breakWords whether longer words are broken
 * @param hyphens whether a line may end after a hyphen
 */
record Wrapping(int width, boolean breakWords, boolean hyphens) {
  List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String chunk : chunks(text)) {
      boolean blank = chunk.isBlank();
      if (line.isEmpty() && blank && !lines.isEmpty()) {
        continue;
      }
      String rest = chunk;
      if (size(line) + size(rest) > width) {
        if (size(rest) > width && breakWords && !blank) {
          while (size(line) + size(rest) > width) {
            int room = rest.offsetByCodePoints(0, Math.max(1, width - size(line)));
            line.append(rest, 0, room);
            rest = rest.substring(room);
            end(line, lines);
          }
        } else if (!line.isEmpty()) {
          end(line, lines);
          rest = blank ? "" : rest;
        }
      }
      line.append(rest);
    }
    if (!line.isEmpty()) {
      end(line, lines);
    }
    return lines;
  }

  private static int size(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }

  private static void end(StringBuilder line, List<String> lines) {
    String ended = Stripping.strip(line.toString(), null, false, true);
    if (!ended.isEmpty()) {
      lines.add(ended);
    }
    line.setLength(0);
  }

  /** White space, words, and where a line may end after a hyphen parts of words. */
  private List<String> chunks(String text) {
    List<String> chunks = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= text.length(); i++) {
      boolean cut =
          i == text.length()
              || Characters.isSpace(text.charAt(i)) != Characters.isSpace(text.charAt(i - 1))
              || hyphens && afterHyphen(text, i);
      if (cut) {
        chunks.add(text.substring(from, i));
        from = i;
      }
    }
    return chunks;
  }

  private static boolean afterHyphen(String text, int at) {
    return at >= 2
        && text.charAt(at - 1) == '-'
        && Character.isLetter(text.charAt(at - 2))
        && Character.isLetter(text.charAt(at));
  }
}
