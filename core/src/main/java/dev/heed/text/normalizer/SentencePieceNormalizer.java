package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.subword.PieceTrie;
import java.util.Arrays;

/**
 * SentencePiece's own normalisation ({@code normalizer.cc}): its character map, white space
 * collapsed or not, spaces written as U+2581, and one put before the text or behind it.
 *
 * <p>A character stands for the original from where it was read up to where the next one was read,
 * so that what was left out belongs to the piece before it.
 *
 * @param map the character map
 * @param userDefined pieces that are taken as they are
 * @param dummyPrefix whether a space is added
 * @param suffix whether it is added behind the text rather than before it
 * @param collapse whether spaces at the ends go, and several become one
 * @param escape whether spaces are written as U+2581
 */
public record SentencePieceNormalizer(
    CharsMap map,
    PieceTrie userDefined,
    boolean dummyPrefix,
    boolean suffix,
    boolean collapse,
    boolean escape)
    implements Normalizer {
  /** How a space is written. */
  public static final char SPACE = '\u2581';

  @Override
  public AlignedText normalize(AlignedText text) {
    Run run = new Run(text);
    run.read();
    return run.done();
  }

  /** One pass over one text. */
  private final class Run {
    private final AlignedText source;
    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int[] read = new int[32];
    private int at;

    Run(AlignedText source) {
      this.source = source;
      this.text = source.text();
    }

    void read() {
      while (collapse && at < text.length() && isSpaceRule()) {
        at += length();
      }
      if (at == text.length()) {
        return;
      }
      if (dummyPrefix && !suffix) {
        append(space());
      }
      boolean afterSpace = collapse;
      while (at < text.length()) {
        String written = replacement();
        int skipped = 0;
        while (afterSpace && skipped < written.length() && written.charAt(skipped) == ' ') {
          skipped++;
        }
        for (int i = skipped; i < written.length(); i++) {
          append(written.charAt(i) == ' ' ? space() : written.charAt(i));
        }
        if (skipped < written.length()) {
          afterSpace = written.endsWith(" ");
        }
        afterSpace &= collapse;
        at += length();
      }
      while (collapse && !out.isEmpty() && out.charAt(out.length() - 1) == space()) {
        at = read[out.length() - 1];
        out.setLength(out.length() - 1);
      }
      if (dummyPrefix && suffix) {
        append(space());
      }
    }

    private char space() {
      return escape ? SPACE : ' ';
    }

    private boolean isSpaceRule() {
      return replacement().equals(" ");
    }

    // What is read at one place is asked for twice; the rule is found once.
    private int ruleAt = -1;
    private int ruleLength;
    private String rule = "";

    private String replacement() {
      find();
      return rule;
    }

    private int length() {
      find();
      return ruleLength;
    }

    private void find() {
      if (ruleAt == at) {
        return;
      }
      ruleAt = at;
      int defined = longestDefined();
      CharsMap.Match match = defined > 0 ? null : map.match(text, at, text.length(), true);
      if (match == null) {
        ruleLength = defined > 0 ? defined : Character.charCount(text.codePointAt(at));
        rule = text.substring(at, at + ruleLength);
      } else {
        ruleLength = match.length();
        rule = match.replacement();
      }
    }

    private int longestDefined() {
      return userDefined.longest(text, at);
    }

    private void append(char c) {
      if (out.length() == read.length) {
        read = Arrays.copyOf(read, read.length * 2);
      }
      read[out.length()] = at;
      out.append(c);
    }

    AlignedText done() {
      int[] starts = new int[out.length()];
      int[] ends = new int[out.length()];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = source.start(read[i]);
        ends[i] = source.start(i + 1 < starts.length ? read[i + 1] : at);
      }
      int origin = starts.length == 0 ? source.origin() : starts[0];
      return AlignedText.of(out.toString(), origin, starts, ends);
    }
  }
}
