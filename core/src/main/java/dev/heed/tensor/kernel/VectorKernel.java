package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The loops by the Vector API. */
final class VectorKernel implements FloatKernel {
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(
          short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() * Short.BYTES / Float.BYTES));

  /** Loops over blocks take eight numbers at a time or more: vectors of 128 bits hold four. */
  private final BlockKernel blocks =
      LENGTH < 8 ? new ScalarBlocks() : new VectorBlocks(new ScalarBlocks(), this);

  @Override
  public BlockKernel blocks() {
    return blocks;
  }

  @Override
  public float dot(float[] x, float[] y, int count) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + LENGTH <= count; i += LENGTH) {
      sum = FloatVector.fromArray(FLOATS, x, i).fma(FloatVector.fromArray(FLOATS, y, i), sum);
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; i < count; i++) {
      total += x[i] * y[i];
    }
    return total;
  }

  @Override
  public void tiles(
      int rows,
      int columns,
      int depth,
      float[] x,
      float[] w,
      float[] c,
      int ct,
      int ldc,
      float[] sums) {
    RowDots.multiply(rows, columns, depth, x, w, c, ct, ldc, sums);
  }

  @Override
  public void tilesInMemory(
      int rows,
      int depth,
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      MemoryType type,
      float[] c,
      int ct,
      int ldc,
      int apart,
      float[] sums) {
    if (type == MemoryType.Q8_0 && LENGTH < 8) { // as blocks
      Kernels.scalar()
          .tilesInMemory(rows, depth, x, w, at, rowBytes, type, c, ct, ldc, apart, sums);
      return;
    }
    MemoryDots.multiply(rows, depth, x, w, at, rowBytes, type, c, ct, ldc, apart, sums);
  }

  @Override
  public void product(
      int rows,
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
      boolean onto) {
    SliverProduct.multiply(rows, depth, a, at, panel, pt, c, ct, ldc, onto);
  }

  @Override
  public void rowProduct(
      int depth, float[] a, int at, float[] panel, int pt, float[] c, int ct, boolean onto) {
    for (int j = 0; j < PANEL; j += 2 * LENGTH) {
      columns(depth, a, at, panel, pt + j, c, ct + j, onto);
    }
  }

  /** Two vectors of columns, even and odd rows of the panel apart: sums do not wait for sums. */
  private static void columns(
      int depth, float[] a, int at, float[] panel, int pt, float[] c, int ct, boolean onto) {
    FloatVector low = onto ? FloatVector.fromArray(FLOATS, c, ct) : FloatVector.zero(FLOATS);
    FloatVector high =
        onto ? FloatVector.fromArray(FLOATS, c, ct + LENGTH) : FloatVector.zero(FLOATS);
    FloatVector lowOdd = FloatVector.zero(FLOATS);
    FloatVector highOdd = FloatVector.zero(FLOATS);
    int l = 0;
    for (; l + 2 <= depth; l += 2) {
      int p = pt + l * PANEL;
      FloatVector even = FloatVector.broadcast(FLOATS, a[at + l]);
      low = even.fma(FloatVector.fromArray(FLOATS, panel, p), low);
      high = even.fma(FloatVector.fromArray(FLOATS, panel, p + LENGTH), high);
      FloatVector odd = FloatVector.broadcast(FLOATS, a[at + l + 1]);
      lowOdd = odd.fma(FloatVector.fromArray(FLOATS, panel, p + PANEL), lowOdd);
      highOdd = odd.fma(FloatVector.fromArray(FLOATS, panel, p + PANEL + LENGTH), highOdd);
    }
    if (l < depth) {
      int p = pt + l * PANEL;
      FloatVector even = FloatVector.broadcast(FLOATS, a[at + l]);
      low = even.fma(FloatVector.fromArray(FLOATS, panel, p), low);
      high = even.fma(FloatVector.fromArray(FLOATS, panel, p + LENGTH), high);
    }
    low.add(lowOdd).intoArray(c, ct);
    high.add(highOdd).intoArray(c, ct + LENGTH);
  }

  @Override
  public void rowProductBf16(
      int depth, float[] a, int at, short[] panel, int pt, float[] c, int ct, boolean onto) {
    for (int j = 0; j < PANEL; j += 2 * LENGTH) {
      columnsBf16(depth, a, at, panel, pt + j, c, ct + j, onto);
    }
  }

  private static void columnsBf16(
      int depth, float[] a, int at, short[] panel, int pt, float[] c, int ct, boolean onto) {
    FloatVector low = onto ? FloatVector.fromArray(FLOATS, c, ct) : FloatVector.zero(FLOATS);
    FloatVector high =
        onto ? FloatVector.fromArray(FLOATS, c, ct + LENGTH) : FloatVector.zero(FLOATS);
    for (int l = 0; l < depth; l++) {
      int p = pt + l * PANEL;
      FloatVector factor = FloatVector.broadcast(FLOATS, a[at + l]);
      low = factor.fma(widened(ShortVector.fromArray(SHORTS, panel, p)), low);
      high = factor.fma(widened(ShortVector.fromArray(SHORTS, panel, p + LENGTH)), high);
    }
    low.intoArray(c, ct);
    high.intoArray(c, ct + LENGTH);
  }

  private static FloatVector widened(ShortVector bf16) {
    return ((IntVector) bf16.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
        .lanewise(VectorOperators.LSHL, Short.SIZE)
        .viewAsFloatingLanes();
  }

  @Override
  public void widen(short[] from, int at, float[] into, int to, int count) {
    int i = 0;
    for (; i + LENGTH <= count; i += LENGTH) {
      widened(ShortVector.fromArray(SHORTS, from, at + i)).intoArray(into, to + i);
    }
    for (; i < count; i++) {
      into[to + i] = Float.intBitsToFloat(from[at + i] << Short.SIZE);
    }
  }

  @Override
  public void dots(
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows) {
    int half = (rows + 1) / 2;
    for (int r = 0; r < half; r++) {
      int other = Math.min(r + half, rows - 1);
      twoDots(x, w, at + r * rowBytes, at + other * rowBytes, depth, out, to + r, to + other);
    }
  }

  /** Two rows far from each other, each of which the processor fetches ahead of time. */
  private static void twoDots(
      float[] x, MemorySegment w, long at, long second, int depth, float[] out, int to, int other) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    int l = 0;
    for (; l + 2 * LENGTH <= depth; l += 2 * LENGTH) {
      FloatVector v0 = FloatVector.fromArray(FLOATS, x, l);
      FloatVector v1 = FloatVector.fromArray(FLOATS, x, l + LENGTH);
      s0 = f32(w, at + 4L * l).fma(v0, s0);
      s1 = f32(w, at + 4L * (l + LENGTH)).fma(v1, s1);
      t0 = f32(w, second + 4L * l).fma(v0, t0);
      t1 = f32(w, second + 4L * (l + LENGTH)).fma(v1, t1);
    }
    out[to] = s0.add(s1).reduceLanes(VectorOperators.ADD) + tail(x, w, at, l, depth);
    out[other] = t0.add(t1).reduceLanes(VectorOperators.ADD) + tail(x, w, second, l, depth);
  }

  private static FloatVector f32(MemorySegment w, long at) {
    return FloatVector.fromMemorySegment(FLOATS, w, at, ByteOrder.LITTLE_ENDIAN);
  }

  private static float tail(float[] x, MemorySegment w, long at, int from, int depth) {
    float sum = 0;
    for (int l = from; l < depth; l++) {
      sum += x[l] * w.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * l);
    }
    return sum;
  }

  @Override
  public void dotsBf16(
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows) {
    int half = (rows + 1) / 2;
    for (int r = 0; r < half; r++) {
      int other = Math.min(r + half, rows - 1);
      twoDotsBf16(x, w, at + r * rowBytes, at + other * rowBytes, depth, out, to + r, to + other);
    }
  }

  private static void twoDotsBf16(
      float[] x, MemorySegment w, long at, long second, int depth, float[] out, int to, int other) {
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    int l = 0;
    for (; l + 2 * LENGTH <= depth; l += 2 * LENGTH) {
      FloatVector v0 = FloatVector.fromArray(FLOATS, x, l);
      FloatVector v1 = FloatVector.fromArray(FLOATS, x, l + LENGTH);
      s0 = bf16(w, at + 2L * l).fma(v0, s0);
      s1 = bf16(w, at + 2L * (l + LENGTH)).fma(v1, s1);
      t0 = bf16(w, second + 2L * l).fma(v0, t0);
      t1 = bf16(w, second + 2L * (l + LENGTH)).fma(v1, t1);
    }
    out[to] = s0.add(s1).reduceLanes(VectorOperators.ADD) + tailBf16(x, w, at, l, depth);
    out[other] = t0.add(t1).reduceLanes(VectorOperators.ADD) + tailBf16(x, w, second, l, depth);
  }

  private static FloatVector bf16(MemorySegment w, long at) {
    return widened(ShortVector.fromMemorySegment(SHORTS, w, at, ByteOrder.LITTLE_ENDIAN));
  }

  private static float tailBf16(float[] x, MemorySegment w, long at, int from, int depth) {
    float sum = 0;
    for (int l = from; l < depth; l++) {
      int bits = w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * l) << Short.SIZE;
      sum += x[l] * Float.intBitsToFloat(bits);
    }
    return sum;
  }

  @Override
  public void apply(FloatFunction function, float[] x, int from, int count) {
    VectorFunctions.apply(function, x, from, count);
  }

  @Override
  public float max(float[] x, int from, int count) {
    FloatVector max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    int i = from;
    for (; i + LENGTH <= from + count; i += LENGTH) {
      max = max.max(FloatVector.fromArray(FLOATS, x, i));
    }
    float greatest = max.reduceLanes(VectorOperators.MAX);
    for (; i < from + count; i++) {
      greatest = Math.max(greatest, x[i]);
    }
    return greatest;
  }

  @Override
  public float sum(float[] x, int from, int count) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = from;
    for (; i + LENGTH <= from + count; i += LENGTH) {
      sum = sum.add(FloatVector.fromArray(FLOATS, x, i));
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; i < from + count; i++) {
      total += x[i];
    }
    return total;
  }

  @Override
  public float squaresAround(float[] x, int from, int count, float mean) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = from;
    for (; i + LENGTH <= from + count; i += LENGTH) {
      FloatVector away = FloatVector.fromArray(FLOATS, x, i).sub(mean);
      sum = away.fma(away, sum);
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; i < from + count; i++) {
      total += (x[i] - mean) * (x[i] - mean);
    }
    return total;
  }

  @Override
  public float powers(float[] x, int from, int count, float max) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int i = from;
    for (; i + LENGTH <= from + count; i += LENGTH) {
      FloatVector power =
          FloatVector.fromArray(FLOATS, x, i).sub(max).lanewise(VectorOperators.EXP);
      power.intoArray(x, i);
      sum = sum.add(power);
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (; i < from + count; i++) {
      x[i] = (float) Math.exp(x[i] - max);
      total += x[i];
    }
    return total;
  }

  @Override
  public void adam(AdamStep step, AdamStep.Memory at, long from, int count) {
    int done = VectorAdam.run(step, at, from, count);
    new ScalarAdam(step).run(at, from + (long) done * Float.BYTES, count - done);
  }
}
