package dev.heed.generate.search;

import dev.heed.generate.logits.Tokens;
import java.util.Arrays;
import java.util.List;

/**
 * What sequences begin with: prompts, or the start token of an encoder-decoder's decoder.
 *
 * @param tokens {@code [rows][length]}, of one length, shorter ones filled at the left
 * @param padding how many tokens at the left of each row are filling
 */
public record Prompts(int[][] tokens, int[] padding) {
  /** Checks and copies. */
  public Prompts {
    if (tokens.length == 0 || tokens[0].length == 0) {
      throw new IllegalArgumentException("prompts: expected a row of a token or more, got none");
    }
    int length = tokens[0].length;
    if (tokens.length != padding.length
        || Arrays.stream(tokens).anyMatch(row -> row.length != length)) {
      throw new IllegalArgumentException(
          "prompts: expected rows of one length and the padding of each, got rows of "
              + Arrays.toString(Arrays.stream(tokens).mapToInt(row -> row.length).toArray())
              + " and "
              + padding.length
              + " numbers");
    }
    if (Arrays.stream(padding).anyMatch(count -> count < 0 || count >= length)) {
      throw new IllegalArgumentException(
          "prompts: expected padding below the length "
              + length
              + ", got "
              + Arrays.toString(padding));
    }
    tokens = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
    padding = padding.clone();
  }

  /**
   * Prompts of any lengths, filled at the left.
   *
   * @param prompts each of a token or more
   * @param fill the token to fill with
   */
  public static Prompts of(List<int[]> prompts, int fill) {
    int length = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
    int[][] rows = new int[prompts.size()][length];
    int[] padding = new int[prompts.size()];
    for (int r = 0; r < rows.length; r++) {
      int[] prompt = prompts.get(r);
      padding[r] = length - prompt.length;
      Arrays.fill(rows[r], 0, padding[r], fill);
      System.arraycopy(prompt, 0, rows[r], padding[r], prompt.length);
    }
    return new Prompts(rows, padding);
  }

  /** How many there are. */
  public int rows() {
    return tokens.length;
  }

  /** Their common length, filling included. */
  public int length() {
    return tokens[0].length;
  }

  /** One row as its rules and lengths see it: with its filling or without. */
  Tokens row(int row, boolean paddingCounts) {
    return Tokens.of(Arrays.copyOfRange(tokens[row], paddingCounts ? 0 : padding[row], length()));
  }
}
