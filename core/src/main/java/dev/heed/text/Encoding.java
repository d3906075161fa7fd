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
    int excess = size() - most;
    if (excess <= 0) {
      return this;
    }
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
    return new Encoding(cut(keepFirst, keepSecond, side));
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
