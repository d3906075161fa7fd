package dev.heed.attention.score;

/**
 * A modifier that adds a number which follows from the head and from how far the key lies from the
 * query: {@code score + biasOf(head, key - query)}.
 *
 * <p>All pairs on one diagonal share their bias, so the kernel asks for it once a diagonal and adds
 * it by vectors.
 */
public interface RelativeBias extends ScoreModifier {
  /**
   * The number that is added.
   *
   * @param head query head in {@code [0, H)}
   * @param distance key position - query position; asked for a tile beyond those that pairs have
   */
  double biasOf(int head, int distance);

  /**
   * Writes the biases of neighbouring distances: {@code into[at + i] = biasOf(head, distance - i)}.
   *
   * @param count how many, {@code 0 ≤ i < count}
   */
  default void biases(int head, int distance, int count, float[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (float) biasOf(head, distance - i);
    }
  }

  /**
   * Adds gradients of the biases of neighbouring distances to those of the parameters; agrees with
   * {@link #accumulate(int, int, int, int, double, double, double[][])}.
   *
   * @param gradients of {@code biasOf(head, distance - i)} at {@code at + i}
   * @param count how many, {@code 0 ≤ i < count}
   * @param into one row-major array for each of {@link #parameters()}
   */
  default void accumulate(
      int head, int distance, int count, float[] gradients, int at, double[][] into) {
    for (int i = 0; i < count; i++) {
      accumulate(0, head, 0, distance - i, 0, gradients[at + i], into);
    }
  }

  @Override
  default double modify(int batch, int head, int query, int key, double score) {
    return score + biasOf(head, key - query);
  }

  @Override
  default double derivative(int batch, int head, int query, int key, double score) {
    return 1;
  }
}
