package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Blocks by the Vector API.
 *
 * <p>Two rows of 4-bit numbers are multiplied at a time, half of all apart: they share what they
 * read of {@code x}, and the processor fetches each from a page of its own ahead of time, which it
 * does not for two rows beside each other.
 */
final class VectorBlocks implements BlockKernel {
  private final BlockKernel plain;
  private final FloatKernel floats;
  private final BlockProducts byVectors = this::products;
  private final Map<BlockFormat.Layout, LayoutWatch> watches =
      new EnumMap<>(BlockFormat.Layout.class);
  private final Map<BlockFormat.Layout, LayoutWatch> packedWatches =
      new EnumMap<>(BlockFormat.Layout.class);
  private final Map<BlockFormat.Layout, LoopWatch> decoded =
      new EnumMap<>(BlockFormat.Layout.class);

  VectorBlocks(BlockKernel plain, FloatKernel floats) {
    this.plain = plain;
    this.floats = floats;
    for (BlockFormat.Layout layout : BlockFormat.Layout.values()) {
      watches.put(layout, new LayoutWatch(plain, layout));
      packedWatches.put(layout, new LayoutWatch(plain, layout));
      decoded.put(layout, new LoopWatch("weights in " + layout + " are turned into floats"));
    }
  }

  @Override
  public void dots(
      BlockFormat format,
      float[] x,
      float[] sums,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows,
      Buffers buffers) {
    LayoutWatch watch = watch(format);
    watch.look(byVectors, format, x, sums, w, at, rowBytes, depth, rows, buffers);
    if (watch.isLeft()) {
      plain.dots(format, x, sums, w, at, rowBytes, depth, out, to, rows, buffers);
    } else {
      products(format, x, sums, w, at, rowBytes, depth, out, to, rows, buffers);
    }
  }

  @Override
  public long packedBytes(BlockFormat format, int depth, int columns) {
    boolean packs =
        NibblePanels.takes(format.layout())
            && columns >= FloatKernel.PANEL
            && !packedWatch(format).isLeft();
    return packs ? NibblePanels.bytes(depth, columns) : 0;
  }

  @Override
  public @Nullable PackedBlocks pack(
      BlockFormat format, MemorySegment w, long at, long rowBytes, int depth, int columns) {
    if (packedBytes(format, depth, columns) == 0) {
      return null;
    }
    NibblePanels panels = NibblePanels.of(format.layout(), w, at, rowBytes, depth, columns);
    return panels.isFinite()
        ? new VectorPackedBlocks(
            format, w, at, rowBytes, columns, panels, packedWatch(format), plain)
        : null;
  }

  private LayoutWatch packedWatch(BlockFormat format) {
    return Objects.requireNonNull(packedWatches.get(format.layout()));
  }

  private LayoutWatch watch(BlockFormat format) {
    return Objects.requireNonNull(watches.get(format.layout()));
  }

  private void products(
      BlockFormat format,
      float[] x,
      float[] sums,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows,
      Buffers buffers) {
    switch (format.layout()) {
      case BF16 -> {
        floats.dotsBf16(x, w, at, rowBytes, depth, out, to, rows);
        return;
      }
      case F16, OTHER -> {
        float[] row = buffers.floats(4, depth);
        for (int r = 0; r < rows; r++) {
          decode(format, w, at + r * rowBytes, row, 0, depth, buffers);
          out[to + r] = floats.dot(x, row, depth);
        }
        return;
      }
      default -> {}
    }
    int groups = depth / GROUP;
    float[] scales = buffers.floats(4, 2 * groups + 2);
    byte[] room = buffers.bytes(4 * Long.BYTES);
    int blocks = depth / format.values();
    int half = (rows + 1) / 2;
    for (int r = 0; r < half; r++) {
      int a = to + r;
      int b = to + Math.min(r + half, rows - 1);
      long first = at + r * rowBytes;
      long second = at + (b - to) * rowBytes;
      switch (format.layout()) {
        case Q8_0 -> ByteDots.q8(x, w, first, second, depth, out, a, b);
        case Q4_0 -> NibbleDots.q4(x, w, first, second, depth, sums, out, a, b);
        case Q4_K -> {
          BlockHeads.sixBits(w, first, second, blocks, 144, sums, scales, room);
          NibbleDots.q4k(x, w, first, second, depth, scales, out, a, b);
          out[a] -= scales[2 * groups];
          out[b] -= a == b ? 0 : scales[2 * groups + 1];
        }
        case Q5_K -> {
          BlockHeads.sixBits(w, first, second, blocks, 176, sums, scales, room);
          out[a] = ByteDots.q5k(x, w, first, depth, scales, 0) - scales[2 * groups];
          out[b] = ByteDots.q5k(x, w, second, depth, scales, groups) - scales[2 * groups + 1];
        }
        default -> {
          BlockHeads.bytes(w, first, blocks, scales);
          out[a] = ByteDots.q6k(x, w, first, depth, scales);
          BlockHeads.bytes(w, second, blocks, scales);
          out[b] = ByteDots.q6k(x, w, second, depth, scales);
        }
      }
    }
  }

  @Override
  public void decode(
      BlockFormat format,
      MemorySegment w,
      long at,
      float[] into,
      int to,
      int count,
      Buffers buffers) {
    LoopWatch watch = Objects.requireNonNull(decoded.get(format.layout()));
    if (watch.isDue()) {
      watch.look(
          count,
          y -> floats(format, w, at, y, 0, count, buffers),
          y -> plain.decode(format, w, at, y, 0, count, buffers),
          y -> plain.decode(format, w, at, y, 0, count, buffers));
    }
    if (watch.isLeft()) {
      plain.decode(format, w, at, into, to, count, buffers);
    } else {
      floats(format, w, at, into, to, count, buffers);
    }
  }

  private void floats(
      BlockFormat format,
      MemorySegment w,
      long at,
      float[] into,
      int to,
      int count,
      Buffers buffers) {
    switch (format.layout()) {
      case BF16 -> {
        short[] bits = buffers.shorts(count);
        MemorySegment.copy(w, ValueLayout.JAVA_SHORT_UNALIGNED, at, bits, 0, count);
        floats.widen(bits, 0, into, to, count);
      }
      case Q8_0 -> BlockDecoding.q8(w, at, into, to, count);
      case Q4_0 -> BlockDecoding.q4(w, at, into, to, count);
      case Q4_K -> BlockDecoding.q4k(w, at, into, to, count);
      case Q5_K -> BlockDecoding.q5k(w, at, into, to, count);
      case Q6_K -> BlockDecoding.q6k(w, at, into, to, count);
      default -> plain.decode(format, w, at, into, to, count, buffers);
    }
  }
}
