package dev.heed.explain.measure;

import org.jspecify.annotations.Nullable;

/**
 * What one query of one head attends to.
 *
 * @param weights after softmax, of one or several queries
 * @param offset where this query's weights begin
 * @param position of the query
 * @param length how many tokens the text has, without padding
 * @param causal whether the query sees only itself and what is before it
 * @param ids the tokens' ids, or null where tokens have none
 */
public record QueryAttention(
    double[] weights, int offset, int position, int length, boolean causal, long @Nullable [] ids) {
  /** The weight on a key. */
  public double weight(int key) {
    return weights[offset + key];
  }

  /** How many keys it sees. */
  public int visible() {
    return causal ? position + 1 : length;
  }

  /**
   * The id of a token.
   *
   * @throws IllegalArgumentException if tokens have none
   */
  public long id(int position) {
    if (ids == null) {
      throw new IllegalArgumentException("same tokens: expected token ids, got none");
    }
    return ids[position];
  }
}
