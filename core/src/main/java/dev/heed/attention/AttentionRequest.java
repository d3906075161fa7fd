package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What one call of attention asks for besides its tensors.
 *
 * @param mask which keys may be seen, or null for all
 * @param modifier how scores are changed, or null for not at all
 * @param weights whether the weights are wanted
 * @param state what earlier calls left, or null for a single call
 * @param positions of the queries for rotary positions, i64 {@code [T]} or {@code [B, T]}; null
 *     counts on from the state
 * @param trace records and changes values on the way
 * @param path prefix of the names in the trace
 * @param shared keys that layers of one call lend each other, or null for a call without
 * @param grid rows and columns of the last tokens, which are places of an image; tokens before them
 *     have no place. Null where there is no image
 */
public record AttentionRequest(
    @Nullable AttentionMask mask,
    @Nullable ScoreModifier modifier,
    boolean weights,
    @Nullable DecodeState state,
    @Nullable Tensor positions,
    Trace trace,
    String path,
    @Nullable SharedKeys shared,
    @Nullable Grid grid) {
  private static final AttentionRequest PLAIN =
      new AttentionRequest(null, null, false, null, null, Trace.NONE, "", null, null);

  /** All keys, plain scores, no weights. */
  public static AttentionRequest plain() {
    return PLAIN;
  }

  /** Under a mask; null for none. */
  public static AttentionRequest of(@Nullable AttentionMask mask) {
    return PLAIN.withMask(mask);
  }

  /** Under a mask, in a traced run. */
  public static AttentionRequest of(@Nullable AttentionMask mask, Trace trace) {
    return new AttentionRequest(mask, null, false, null, null, trace, "", null, null);
  }

  /** The same under another mask; null for none. */
  public AttentionRequest withMask(@Nullable AttentionMask other) {
    return new AttentionRequest(
        other, modifier, weights, state, positions, trace, path, shared, grid);
  }

  /** The same, also forbidding what this mask forbids. */
  public AttentionRequest narrowedTo(AttentionMask other) {
    return withMask(mask == null ? other : mask.and(other));
  }

  /** The same with changed scores; null for unchanged ones. */
  public AttentionRequest withModifier(@Nullable ScoreModifier other) {
    return new AttentionRequest(mask, other, weights, state, positions, trace, path, shared, grid);
  }

  /** The same, wanting weights. */
  public AttentionRequest withWeights() {
    return new AttentionRequest(mask, modifier, true, state, positions, trace, path, shared, grid);
  }

  /** The same with what earlier calls left; null for none. */
  public AttentionRequest withState(@Nullable DecodeState other) {
    return new AttentionRequest(
        mask, modifier, weights, other, positions, trace, path, shared, grid);
  }

  /** The same for keys that have so many more in front of them, which every query sees. */
  public AttentionRequest behindPrefix(int length) {
    return length == 0
        ? this
        : withMask(mask == null ? null : new PrefixedMask(mask, length))
            .withModifier(modifier == null ? null : new PrefixedModifier(modifier, length));
  }

  /** The same at given positions; null counts on. */
  public AttentionRequest withPositions(@Nullable Tensor other) {
    return new AttentionRequest(mask, modifier, weights, state, other, trace, path, shared, grid);
  }

  /** The same in a call whose layers lend each other keys. */
  public AttentionRequest withShared(@Nullable SharedKeys other) {
    return new AttentionRequest(
        mask, modifier, weights, state, positions, trace, path, other, grid);
  }

  /** The same over an image; null for none. */
  public AttentionRequest withGrid(@Nullable Grid other) {
    return new AttentionRequest(
        mask, modifier, weights, state, positions, trace, path, shared, other);
  }

  /**
   * Rows and columns of the last tokens.
   *
   * @throws IllegalArgumentException if the call is not over an image
   */
  public Grid requireGrid() {
    if (grid == null) {
      throw new IllegalArgumentException(
          point("grid") + ": expected tokens that are places of an image, got others");
    }
    return grid;
  }

  /**
   * Says where the tokens stand, i64 {@code [5]}, in a traced run that wants the point {@code
   * grid}.
   */
  public void place(TokenGrids places) {
    if (wants("grid")) {
      visit("grid", places.asTensor());
    }
  }

  /** The same under another prefix of names in the trace. */
  public AttentionRequest at(String other) {
    return new AttentionRequest(
        mask, modifier, weights, state, positions, trace, other, shared, grid);
  }

  /** How many tokens the module at this path took in earlier calls. */
  public long past() {
    return state == null ? 0 : state.keys(path).length();
  }

  /** The full name of a point in the trace. */
  public String point(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Passes a value through a point of the trace. */
  public Tensor visit(String name, Tensor value) {
    return trace.visit(point(name), value);
  }

  /** Whether the trace wants a point. */
  public boolean wants(String name) {
    return trace.wants(point(name));
  }
}
