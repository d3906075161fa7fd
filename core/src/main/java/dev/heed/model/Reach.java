package dev.heed.model;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far back a layer of a decoder sees.
 *
 * @param type of the layer
 * @param width keys that a query sees at most before it, its own included; 0 for {@link
 *     LayerType#FULL}
 * @param ahead whether it sees as far ahead as back, as a decoder that was trained on as an encoder
 *     does
 */
public record Reach(LayerType type, int width, boolean ahead) {
  /** All tokens before a query. */
  public static final Reach ALL = new Reach(LayerType.FULL, 0, false);

  /** Checks the width. */
  public Reach {
    if (type == LayerType.FULL ? width != 0 : width < 1) {
      throw new IllegalArgumentException(
          "reach: expected a width from 1, or 0 of a layer that sees all tokens, got " + width);
    }
    if (ahead && type == LayerType.CHUNKED) {
      throw new IllegalArgumentException("reach: expected chunks that look back, got both ways");
    }
  }

  /** Back only. */
  public Reach(LayerType type, int width) {
    this(type, width, false);
  }

  /** The same both ways. */
  public Reach bothWays() {
    return new Reach(type, width, true);
  }

  /** Of a window, or of all tokens where it is 0. */
  public static Reach window(int width) {
    return width == 0 ? ALL : new Reach(LayerType.SLIDING, width);
  }

  /**
   * The layer's mask in one call.
   *
   * @param keep truth values {@code [B, T]} for all tokens so far, or null for all
   * @param past how many tokens earlier calls took
   * @param time how many tokens this call takes
   * @throws IllegalArgumentException for a layer that sees ahead, if earlier calls took tokens
   */
  public AttentionMask mask(@Nullable Tensor keep, long past, long time) {
    if (ahead) {
      if (past > 0) {
        throw new IllegalArgumentException(
            "a model whose tokens see those after them: expected a whole text in one call, got "
                + past
                + " tokens before it");
      }
      AttentionMask around =
          type == LayerType.FULL
              ? AttentionMask.full()
              : AttentionMask.window(width - 1, width - 1);
      return Masks.of(around, keep, time);
    }
    AttentionMask near = Masks.decoding(width, keep, past, time);
    return type == LayerType.CHUNKED ? near.and(chunks(keep, past)) : near;
  }

  /** Chunks are counted from the first token that is no padding. */
  private AttentionMask chunks(@Nullable Tensor keep, long past) {
    long firstKey = Math.max(0, past - (width - 1L));
    List<Integer> before = new ArrayList<>();
    if (keep == null) {
      before.add(Math.toIntExact(firstKey % width));
    } else {
      boolean[] real = keep.toBooleanArray();
      int columns = Math.toIntExact(keep.size(1));
      for (int row = 0; row < keep.size(0); row++) {
        int padding = 0;
        while (padding < columns && !real[row * columns + padding]) {
          padding++;
        }
        before.add(Math.toIntExact(Math.floorMod(firstKey - padding, (long) width)));
      }
    }
    return AttentionMask.chunks(width, before);
  }
}
