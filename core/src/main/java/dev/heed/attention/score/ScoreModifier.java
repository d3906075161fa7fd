package dev.heed.attention.score;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * How a score {@code q·k·scale} is changed, before the softmax, by who and where.
 *
 * <p>A lambda is a whole modifier, with gradients to q, k and v: {@code (batch, head, query, key,
 * score) -> score - 0.1 * (query - key)}. Built-in ones also change whole tiles at once and name
 * their derivative and parameters. Positions are as in {@link
 * dev.heed.attention.mask.AttentionMask}: the last query stands beside the last key.
 *
 * <p>A modifier reads its parameters' values when it is made: make it anew for every step.
 */
@FunctionalInterface
public interface ScoreModifier {
  /**
   * The changed score of one pair.
   *
   * @param batch in {@code [0, B)}
   * @param head query head in {@code [0, H)}
   * @param query position, {@code row + (Tk - Tq)}
   * @param key in {@code [0, Tk)}
   * @param score the score before
   */
  double modify(int batch, int head, int query, int key, double score);

  /**
   * The derivative of {@link #modify} by the score.
   *
   * <p>The default takes the central difference in double precision, exact to about 1e-10.
   */
  default double derivative(int batch, int head, int query, int key, double score) {
    double step = 0x1p-17 * Math.max(1, Math.abs(score));
    double above = modify(batch, head, query, key, score + step);
    double below = modify(batch, head, query, key, score - step);
    return (above - below) / (2 * step);
  }

  /** The tensors that gradients flow to through {@link #accumulate}; none by default. */
  default List<Tensor> parameters() {
    return List.of();
  }

  /**
   * Adds what one pair contributes to the gradients of the parameters.
   *
   * @param score the score before the change
   * @param gradient of the changed score
   * @param into one row-major array for each of {@link #parameters()}
   */
  default void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {}

  /**
   * Refuses sizes that the change was not made for; the default fits all.
   *
   * @throws dev.heed.tensor.ShapeException if it says nothing about some of the pairs, or was made
   *     for more
   */
  default void requireFit(AttentionSizes sizes) {}

  /**
   * Whether no element of a parameter is touched by two heads or by two sequences of a batch: the
   * kernel then lets all of them add to one array at the same time.
   */
  default boolean parametersAreDisjoint() {
    return false;
  }

  /** Changes all scores of a tile in place; agrees with {@link #modify}. */
  default void modify(ScoreTile tile) {
    float[] scores = tile.scores();
    for (int row = tile.from(); row < tile.to(); row++) {
      for (int lane = 0; lane < tile.queries(); lane++) {
        int at = row * ScoreTile.STRIDE + lane;
        scores[at] =
            (float)
                modify(
                    tile.batch(),
                    tile.head(),
                    tile.firstQuery() + lane,
                    tile.firstKey() + row,
                    scores[at]);
      }
    }
  }

  /**
   * Turns gradients of changed scores into gradients of the scores before, in place, and adds to
   * the parameters' gradients; agrees with {@link #derivative} and {@link #accumulate}.
   *
   * @param tile the scores before the change
   * @param gradient laid out like the tile's scores; zero where the mask forbids
   * @param into as for {@link #accumulate}
   */
  default void backward(ScoreTile tile, float[] gradient, double[][] into) {
    for (int row = tile.from(); row < tile.to(); row++) {
      for (int lane = 0; lane < tile.queries(); lane++) {
        int at = row * ScoreTile.STRIDE + lane;
        int query = tile.firstQuery() + lane;
        int key = tile.firstKey() + row;
        double score = tile.scores()[at];
        double change = gradient[at];
        // Asked even where no gradient arrives: an error in it must not depend on the numbers.
        double slope = derivative(tile.batch(), tile.head(), query, key, score);
        if (change != 0) {
          accumulate(tile.batch(), tile.head(), query, key, score, change, into);
          gradient[at] = (float) (change * slope);
        }
      }
    }
  }

  /**
   * Changes whole score matrices, part of the graph of gradients; agrees with {@link #modify}.
   *
   * @param scores {@code [B, H, Tq, Tk]}
   * @return the same shape, owned by the current scope
   */
  default Tensor modify(Tensor scores) {
    return WholeScores.modify(this, scores);
  }

  /** The changes that this one consists of, in order; itself alone unless it was joined. */
  default List<ScoreModifier> steps() {
    return List.of(this);
  }

  /** This change, then another one. */
  default ScoreModifier then(ScoreModifier next) {
    return new ModifierChain(this, next);
  }
}
