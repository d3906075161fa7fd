package dev.heed.task;

import dev.heed.text.Encoding;
import dev.heed.text.Side;
import dev.heed.text.Token;
import dev.heed.text.Truncation;
import dev.heed.text.Window;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A text longer than a model reads, as windows that overlap, and for each token the window in which
 * it has most context (Devlin et al., in the code of 2018 for SQuAD).
 *
 * @param whole the text, or the pair whose last text is cut into windows
 * @param parts from left to right; the whole alone where it fits
 * @param places for each part, where its tokens stand in the whole
 * @param best for each token of the whole the part to read it from, or -1 for added ones
 */
record ReadingWindows(Encoding whole, List<Encoding> parts, List<int[]> places, int[] best) {
  private static final int MOST_SHARED = 128;

  /**
   * Cuts.
   *
   * @param longest tokens of a window, added ones included
   * @throws IllegalArgumentException if the first of a pair leaves no room for the second
   */
  static ReadingWindows of(Encoding whole, int longest) {
    boolean pair = whole.tokens().stream().anyMatch(token -> token.sequence() == 1);
    int cut = pair ? 1 : 0;
    int fixed = (int) whole.tokens().stream().filter(token -> token.sequence() != cut).count();
    List<Encoding> parts = List.of(whole);
    if (whole.size() > longest) {
      int room = longest - fixed;
      if (room < 1) {
        throw new IllegalArgumentException(
            "text: expected room for it beside the "
                + fixed
                + " tokens that are read with it, got "
                + longest
                + " tokens in all; shorten the question");
      }
      parts =
          whole.windows(
              new Window(
                  longest,
                  Math.min(MOST_SHARED, room / 2),
                  pair ? Truncation.ONLY_SECOND : Truncation.ONLY_FIRST,
                  Side.RIGHT));
    }
    Map<Token, Integer> known = new IdentityHashMap<>();
    for (int i = 0; i < whole.size(); i++) {
      known.put(whole.tokens().get(i), i);
    }
    List<int[]> places =
        parts.stream().map(part -> part.tokens().stream().mapToInt(known::get).toArray()).toList();
    return new ReadingWindows(whole, parts, places, best(whole, parts, places, cut));
  }

  private static int[] best(
      Encoding whole, List<Encoding> parts, List<int[]> places, int sequence) {
    int[] best = new int[whole.size()];
    double[] context = new double[whole.size()];
    Arrays.fill(best, -1);
    Arrays.fill(context, -1);
    for (int p = 0; p < parts.size(); p++) {
      List<Token> tokens = parts.get(p).tokens();
      int[] text =
          java.util.stream.IntStream.range(0, tokens.size())
              .filter(i -> tokens.get(i).sequence() == sequence)
              .toArray();
      for (int i = 0; i < text.length; i++) {
        int place = places.get(p)[text[i]];
        // of two windows with as much on the nearer side, the longer one counts
        double around = Math.min(i, text.length - 1 - i) + 0.01 * text.length;
        if (around > context[place]) {
          context[place] = around;
          best[place] = p;
        }
      }
    }
    return best;
  }
}
