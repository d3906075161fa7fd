package dev.heed.generate.search;

/**
 * Rows of sequences that a model continues together, with what it remembers of them.
 *
 * <p>A decoder begins with its rows and without tokens. Used by one thread at a time.
 */
public interface Decoder extends AutoCloseable {
  /** What {@link #feed} shall compute. */
  enum Wanted {
    /** The scores of what may follow the last token fed. */
    LAST_SCORES,
    /** The scores of what may follow each token fed. */
    ALL_SCORES,
    /** The scores after the last token fed, and the last layer's state of every token fed. */
    LAST_SCORES_AND_STATES
  }

  /** How many sequences there are. */
  int rows();

  /** How many tokens each row has taken, padding included. */
  int length();

  /** How many scores a row has. */
  int vocabularySize();

  /**
   * Appends tokens to every row.
   *
   * @param tokens {@code [rows][n]}, n at least 1 and the same for all
   * @param wanted what to compute
   */
  Continuation feed(int[][] tokens, Wanted wanted);

  /**
   * Rearranges, drops and doubles rows.
   *
   * @param rows row {@code i} becomes what row {@code rows[i]} was
   */
  void select(int[] rows);

  /**
   * Forgets the last tokens of every row.
   *
   * @param length how many tokens stay, at most {@link #length()}
   * @throws UnsupportedOperationException if what the model remembers cannot be undone
   */
  void truncate(int length);

  /** Frees what the model remembers. */
  @Override
  void close();
}
