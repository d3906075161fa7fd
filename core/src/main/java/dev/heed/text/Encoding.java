package dev.heed.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * An encoded text, or pair of texts: its tokens in order.
 *
 * @param tokens unmodifiable
 */
public record Encoding(List<Token> tokens) {
  /** Copies the list. */
  public Encoding {
    tokens = List.copyOf(tokens);
  }

  /** Returns how many tokens there are, padding included. */
  public int size() {
    return tokens.size();
  }

  /** Returns every token's number. */
  public long[] ids() {
    return tokens.stream().mapToLong(Token::id).toArray();
  }

  /** Returns every token's segment. */
  public long[] typeIds() {
    return tokens.stream().mapToLong(Token::type).toArray();
  }

  /** Returns, for every token, whether the model may attend to it: true except for padding. */
  public boolean[] mask() {
    boolean[] mask = new boolean[size()];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = !tokens.get(i).padding();
    }
    return mask;
  }

  /** Returns every token's spelling. */
  public List<String> texts() {
    return tokens.stream().map(Token::text).toList();
  }

  /** Cuts on the right, the longer text first; see {@link #truncatedTo(int, Truncation, Side)}. */
  public Encoding truncatedTo(int most) {
    return truncatedTo(most, Truncation.LONGEST_FIRST, Side.RIGHT);
  }

  /**
   * Cuts the texts so that at most so many tokens are left; added tokens are kept.
   *
   * <p>Gives what the tokenizers library gives with the same settings.
   *
   * @param most at least the number of added tokens
   * @param truncation which text is cut
   * @param side the end that is cut off
   * @return this encoding if it is short enough
   * @throws IllegalArgumentException if the text to cut cannot give up enough tokens
   */
  public Encoding truncatedTo(int most, Truncation truncation, Side side) {
    if (size() <= most) {
      return this;
    }
    int[] kept = kept(most, truncation);
    return new Encoding(cut(kept[0], kept[1], side));
  }

  /**
   * Cuts the texts into windows of at most so many tokens, each with its own added tokens; of two
   * cut texts, every window of the one is paired with every window of the other.
   *
   * @return the first one is what {@link #truncatedTo(int, Truncation, Side)} gives
   * @throws IllegalArgumentException if the text to cut cannot give up enough tokens, or if the
   *     stride leaves no room for new ones
   */
  public List<Encoding> windows(Window window) {
    if (size() <= window.most()) {
      return List.of(this);
    }
    int[] kept = kept(window.most(), window.strategy());
    List<int[]> firsts = ranges(count(0), kept[0], window);
    List<int[]> seconds = ranges(count(1), kept[1], window);
    List<Encoding> windows = new ArrayList<>();
    windows.add(part(firsts.getFirst(), seconds.getFirst()));
    for (int[] first : firsts.subList(1, firsts.size())) {
      seconds.forEach(second -> windows.add(part(first, second)));
    }
    seconds
        .subList(1, seconds.size())
        .forEach(second -> windows.add(part(firsts.getFirst(), second)));
    return windows;
  }

  private static List<int[]> ranges(int length, int kept, Window window) {
    if (kept >= length) {
      return List.of(new int[] {0, length});
    }
    if (kept == 0) {
      return List.of(new int[] {0, 0}, new int[] {0, length});
    }
    int step = kept - window.stride();
    if (step < 1) {
      throw new IllegalArgumentException(
          "windows: expected a stride below the "
              + kept
              + " tokens of a text that a window has room for, got "
              + window.stride()
              + "; make the windows longer or the stride shorter");
    }
    List<int[]> ranges = new ArrayList<>();
    for (int at = 0; ranges.isEmpty() || at - step + kept < length; at += step) {
      ranges.add(
          window.side() == Side.RIGHT
              ? new int[] {at, Math.min(at + kept, length)}
              : new int[] {Math.max(0, length - at - kept), length - at});
    }
    return ranges;
  }

  private Encoding part(int[] first, int[] second) {
    List<Token> kept = new ArrayList<>();
    int[] seen = {0, 0};
    int[][] ranges = {first, second};
    for (Token token : tokens) {
      int text = token.sequence();
      int index = text < 0 ? 0 : seen[text]++;
      if (text < 0 || (index >= ranges[text][0] && index < ranges[text][1])) {
        kept.add(token);
      }
    }
    return new Encoding(kept);
  }

  /** How many tokens of each text are left. */
  private int[] kept(int most, Truncation truncation) {
    int excess = size() - most;
    int first = count(0);
    int second = count(1);
    int room = most - (size() - first - second);
    int keepFirst = first;
    int keepSecond = second;
    switch (truncation) {
      case ONLY_FIRST -> keepFirst = first - excess;
      case ONLY_SECOND -> keepSecond = second - excess;
      case LONGEST_FIRST -> {
        keepFirst = share(first, second, room);
        keepSecond = Math.min(second, room - keepFirst);
      }
      case TOKEN_BY_TOKEN -> {
        keepFirst = room < 0 ? -1 : Math.min(first, Math.max(room - second, room - room / 2));
        keepSecond = Math.min(second, room - keepFirst);
      }
    }
    if (keepFirst < 0 || keepSecond < 0 || room < 0) {
      throw new IllegalArgumentException(
          "truncation "
              + truncation
              + " to "
              + most
              + ": expected room for the "
              + (size() - first - second)
              + " added tokens and the text that is kept, got texts of "
              + first
              + " and "
              + second
              + " tokens; allow more tokens or cut the other text");
    }
    return new int[] {keepFirst, keepSecond};
  }

  /**
   * How much of the first text stays: the shorter text keeps all it has up to half of the room, the
   * longer gets the odd one.
   */
  private static int share(int first, int second, int room) {
    if (room < 0) {
      return -1;
    }
    int half = room / 2;
    if (first <= second) {
      return Math.min(first, half);
    }
    return Math.min(first, room - Math.min(second, half));
  }

  private int count(int sequence) {
    return (int) tokens.stream().filter(t -> t.sequence() == sequence).count();
  }

  private List<Token> cut(int keepFirst, int keepSecond, Side side) {
    List<Token> ordered = side == Side.RIGHT ? tokens : tokens.reversed();
    List<Token> kept = new ArrayList<>();
    int[] left = {keepFirst, keepSecond};
    for (Token token : ordered) {
      if (token.sequence() < 0 || left[token.sequence()]-- > 0) {
        kept.add(token);
      }
    }
    return side == Side.RIGHT ? kept : kept.reversed();
  }

  /**
   * Fills up to a length.
   *
   * @param length the result's size, if this is shorter
   * @param pad what to fill with, from {@link Tokenizer#padding()}
   * @param side where to fill
   * @return this encoding if it is long enough
   */
  public Encoding paddedTo(int length, Token pad, Side side) {
    if (size() >= length) {
      return this;
    }
    List<Token> filling = Collections.nCopies(length - size(), pad);
    Stream<Token> all =
        side == Side.RIGHT
            ? Stream.concat(tokens.stream(), filling.stream())
            : Stream.concat(filling.stream(), tokens.stream());
    return new Encoding(all.toList());
  }
}
