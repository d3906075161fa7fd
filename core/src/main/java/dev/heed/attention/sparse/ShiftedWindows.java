package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.Grid;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An image cut into square windows, each a sequence of its own; in every other layer the cuts are
 * shifted, so that neighbours across a cut meet (Liu et al. 2021, "Swin Transformer", section 3.2).
 *
 * <p>Shifting is cyclic: {@code (y, x)} moves to {@code (y - shift, x - shift)}, and what leaves at
 * one edge comes in at the other, where {@link #mask} keeps it apart. A grid that windows do not
 * divide is filled at its right and lower edge with vectors of zeros, which are seen like others.
 *
 * @param grid places
 * @param window places of a window's side, from 1
 * @param shift from 0 to {@code window - 1}
 */
public record ShiftedWindows(Grid grid, int window, int shift) {
  /** Checks the sizes. */
  public ShiftedWindows {
    if (window < 1 || shift < 0 || shift >= window) {
      throw new IllegalArgumentException(
          "windows: expected a side from 1 and a shift below it, got " + window + " and " + shift);
    }
  }

  private int down() {
    return Math.ceilDiv(grid.height(), window);
  }

  private int across() {
    return Math.ceilDiv(grid.width(), window);
  }

  /** How many windows there are. */
  public int count() {
    return Math.multiplyExact(down(), across());
  }

  /** How many places a window has. */
  public int area() {
    return Math.multiplyExact(window, window);
  }

  private boolean isFilled() {
    return grid.height() % window != 0 || grid.width() % window != 0;
  }

  /**
   * Cuts.
   *
   * @param x {@code [B, places, size]}, row by row
   * @return {@code [B · windows, window², size]}: the windows of the first image, then the others'
   * @throws ShapeException if there are other than the grid's places
   */
  public Tensor cut(Tensor x) {
    if (x.rank() != 3 || x.size(1) != grid.places()) {
      throw new ShapeException(
          "windows of "
              + grid
              + ": expected [B, "
              + grid.places()
              + ", size], got "
              + x.describe());
    }
    return TensorScope.run(() -> {
      long[] from = tokens();
      Tensor filled = isFilled() ? x.pad(0, 0, 0, 0, 1) : x;
      return filled
          .indexSelect(1, Tensor.of(from, from.length))
          .unflatten(1, count(), area())
          .flatten(0, 1);
    });
  }

  /**
   * Puts windows together again.
   *
   * @param windows {@code [B · windows, window², size]}
   * @return {@code [B, places, size]}, without what filled the grid
   */
  public Tensor join(Tensor windows) {
    return TensorScope.run(() -> {
      long[] slots = slots();
      return windows
          .unflatten(0, windows.size(0) / count(), count())
          .flatten(1, 2)
          .indexSelect(1, Tensor.of(slots, slots.length));
    });
  }

  /**
   * The weights of windows as a map over the whole image: none from one window to another. What
   * went to filling is left out, so that rows there do not sum to one.
   *
   * @param weights {@code [B · windows, H, window², window²]}
   * @return {@code [B, H, places, places]}, owned by the current scope
   */
  public Tensor spread(Tensor weights) {
    return TensorScope.run(() -> {
      long[] from = tokens();
      long images = weights.size(0) / count();
      long heads = weights.size(1);
      Tensor keys = Tensor.of(from, 1, count(), 1, 1, area());
      // [B, windows, H, window², places + 1]
      Tensor wide =
          Tensor.zeros(
                  dev.heed.tensor.Shape.of(images, count(), heads, area(), grid.places() + 1L),
                  weights.dtype())
              .scatter(
                  4,
                  keys.expand(images, count(), heads, area(), area()).contiguous(),
                  weights.unflatten(0, images, count()));
      long[] slots = slots();
      return wide.permute(0, 2, 1, 3, 4)
          .flatten(2, 3)
          .indexSelect(2, Tensor.of(slots, slots.length))
          .narrow(3, 0, grid.places());
    });
  }

  /**
   * Keeps apart what came together from opposite edges only.
   *
   * @param images how many
   * @return of {@code B · windows} sequences, or null where cuts are not shifted
   */
  public @Nullable AttentionMask mask(int images) {
    if (shift == 0) {
      return null;
    }
    int high = down() * window;
    int wide = across() * window;
    long[] regions = new long[Math.multiplyExact(count(), area())];
    each((slot, y, x) -> regions[slot] = 3L * band(y, high) + band(x, wide));
    return TensorScope.run(
        () -> AttentionMask.documents(Tensor.of(regions, count(), area()).repeat(images, 1)));
  }

  /** 0 away from the edge; in the last window 1 before what was shifted in, 2 within it. */
  private int band(int at, int length) {
    return at < length - window ? 0 : at < length - shift ? 1 : 2;
  }

  /** For each slot of each window the place it holds, or the number of places for filling. */
  private long[] tokens() {
    int high = down() * window;
    int wide = across() * window;
    long[] tokens = new long[Math.multiplyExact(count(), area())];
    each((slot, y, x) -> {
      int row = (y + shift) % high;
      int column = (x + shift) % wide;
      boolean filling = row >= grid.height() || column >= grid.width();
      tokens[slot] = filling ? grid.places() : (long) row * grid.width() + column;
    });
    return tokens;
  }

  /** For each place the slot that holds it. */
  private long[] slots() {
    long[] slots = new long[grid.places()];
    Arrays.fill(slots, -1);
    long[] tokens = tokens();
    for (int slot = 0; slot < tokens.length; slot++) {
      if (tokens[slot] < slots.length) {
        slots[(int) tokens[slot]] = slot;
      }
    }
    return slots;
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(int slot, int y, int x);
  }

  /** Visits the slots in order, with their rows and columns after the shift. */
  private void each(Visitor visitor) {
    int slot = 0;
    for (int top = 0; top < down() * window; top += window) {
      for (int left = 0; left < across() * window; left += window) {
        for (int place = 0; place < area(); place++) {
          visitor.visit(slot++, top + place / window, left + place % window);
        }
      }
    }
  }
}
