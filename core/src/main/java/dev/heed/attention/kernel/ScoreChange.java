package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import dev.heed.attention.score.RelativeBias;
import dev.heed.attention.score.ScoreBias;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.ScoreScale;
import dev.heed.attention.score.ScoreTile;
import dev.heed.attention.score.SoftCap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A modifier on tiles, step by step: built-in steps by vectors, any other by its own {@link
 * ScoreModifier#modify(ScoreTile)}.
 */
final class ScoreChange {
  private final ScoreModifier[] steps;

  /** Where each step's parameters begin among those of all. */
  private final int[] firstParameter;

  private ScoreChange(ScoreModifier modifier) {
    this.steps = modifier.steps().toArray(ScoreModifier[]::new);
    this.firstParameter = new int[steps.length + 1];
    for (int i = 0; i < steps.length; i++) {
      firstParameter[i + 1] = firstParameter[i] + steps[i].parameters().size();
    }
  }

  static @Nullable ScoreChange of(@Nullable ScoreModifier modifier) {
    return modifier == null ? null : new ScoreChange(modifier);
  }

  /** Looks up what a block of keys needs for a group of queries. */
  void begin(Scratch s, int head, int firstQuery, int queries, int firstKey) {
    int diagonals = DiagonalBias.diagonals(queries);
    s.diagonals = Scratch.atLeast(s.diagonals, steps.length * Scratch.DIAGONALS);
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] instanceof RelativeBias relative) {
        int distance = DiagonalBias.firstDistance(firstKey, firstQuery);
        relative.biases(head, distance, diagonals, s.diagonals, i * Scratch.DIAGONALS);
      }
    }
  }

  /**
   * Changes rows {@code [from, to)} of the scores.
   *
   * @param at first query of the tile within its group
   */
  void modify(Scratch s, int at, int from, int to) {
    modify(s, s.tile.rows(from, to), at, steps.length);
  }

  private void modify(Scratch s, ScoreTile tile, int at, int count) {
    int lanes = Lanes.roundUp(tile.queries(), LENGTH);
    for (int i = 0; i < count; i++) {
      float[] scores = tile.scores();
      switch (steps[i]) {
        case RelativeBias relative ->
            DiagonalBias.add(
                scores, tile.from(), tile.to(), lanes, s.diagonals, i * Scratch.DIAGONALS + at);
        case ScoreScale(double factor) when isOrdinary(factor) ->
            scale(scores, tile, (float) factor);
        case SoftCap(double cap) when isOrdinary(cap) ->
            TanhTile.cap(scores, tile.from(), tile.to(), lanes, (float) cap);
        case ScoreBias bias -> add(s, bias, tile);
        default -> steps[i].modify(tile);
      }
    }
  }

  /** Whether floats hold a number and one over it; others are left to loops in double. */
  private static boolean isOrdinary(double number) {
    double size = Math.abs(number);
    return size >= Float.MIN_NORMAL && size <= 1 / Float.MIN_NORMAL;
  }

  private static void scale(float[] numbers, ScoreTile tile, float factor) {
    RowScaling.scale(numbers, tile.from() * TILE_QUERIES, tile.to() * TILE_QUERIES, factor);
  }

  /** Copies the biases of every query, one row each, and adds their transpose. */
  private static void add(Scratch s, ScoreBias bias, ScoreTile tile) {
    int first = tile.firstKey() + tile.from();
    for (int lane = 0; lane < tile.queries(); lane++) {
      int query = tile.firstQuery() + lane;
      int rows = tile.to() - tile.from();
      bias.row(
          tile.batch(), tile.head(), query, first, rows, s.bias, lane * TILE_KEYS + tile.from());
    }
    for (int lane = tile.queries(); lane < TILE_QUERIES; lane++) {
      int row = lane * TILE_KEYS;
      Arrays.fill(s.bias, row + tile.from(), row + tile.to(), 0f); // lanes without a query
    }
    Transposition.transpose(
        TILE_QUERIES, TILE_KEYS, s.bias, 0, TILE_KEYS, s.biasByKey, 0, TILE_QUERIES, s.square);
    RowScaling.add(
        tile.scores(), s.biasByKey, tile.from() * TILE_QUERIES, tile.to() * TILE_QUERIES);
  }

  /** Whether {@link #backward} needs the scores before the change. */
  boolean needsScores() {
    return Arrays.stream(steps).anyMatch(ScoreChange::needsScores);
  }

  private static boolean needsScores(ScoreModifier step) {
    return !(step instanceof RelativeBias
        || step instanceof ScoreBias
        || step instanceof ScoreScale);
  }

  /**
   * Turns gradients of changed scores into those of the scores before, in place.
   *
   * @param before where the tile lies; holds the scores before the change if {@link #needsScores}
   * @param into gradients of the parameters of all steps
   */
  void backward(Scratch s, ScoreTile before, int at, double[][] into) {
    for (int i = steps.length - 1; i >= 0; i--) {
      double[][] own =
          steps.length == 1
              ? into
              : Arrays.copyOfRange(into, firstParameter[i], firstParameter[i + 1]);
      ScoreTile tile = before;
      if (i > 0 && needsScores(steps[i])) {
        tile = s.betweenTile(before);
        modify(s, tile, at, i);
      }
      backward(s, i, tile, at, own);
    }
  }

  private void backward(Scratch s, int step, ScoreTile tile, int at, double[][] into) {
    int lanes = Lanes.roundUp(tile.queries(), LENGTH);
    switch (steps[step]) {
      case RelativeBias relative -> {
        if (firstParameter[step + 1] > firstParameter[step]) {
          int to = step * Scratch.DIAGONALS + at;
          DiagonalBias.gather(s.gradients, tile.from(), tile.to(), lanes, s.diagonalGradients, to);
        }
      }
      case ScoreScale(double factor) when isOrdinary(factor) ->
          scale(s.gradients, tile, (float) factor);
      case SoftCap(double cap) when isOrdinary(cap) -> {
        ScoreTile scores = s.betweenTile(tile);
        TanhTile.backward(scores.scores(), s.gradients, tile.from(), tile.to(), lanes, (float) cap);
      }
      default -> steps[step].backward(tile, s.gradients, into);
    }
  }

  /** Makes ready to gather the gradients of a block. */
  void beginBackward(Scratch s) {
    s.diagonalGradients = Scratch.atLeast(s.diagonalGradients, steps.length * Scratch.DIAGONALS);
    Arrays.fill(s.diagonalGradients, 0, steps.length * Scratch.DIAGONALS, 0f);
  }

  /** Passes what was gathered for a block to the parameters; see {@link #begin}. */
  void endBackward(
      Scratch s, int head, int firstQuery, int queries, int firstKey, double[][] into) {
    int diagonals = DiagonalBias.diagonals(queries);
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] instanceof RelativeBias relative && firstParameter[i + 1] > firstParameter[i]) {
        double[][] own = Arrays.copyOfRange(into, firstParameter[i], firstParameter[i + 1]);
        int distance = DiagonalBias.firstDistance(firstKey, firstQuery);
        relative.accumulate(
            head, distance, diagonals, s.diagonalGradients, i * Scratch.DIAGONALS, own);
      }
    }
  }
}
