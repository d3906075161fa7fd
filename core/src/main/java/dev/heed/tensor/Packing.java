package dev.heed.tensor;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Sequences of unequal length laid out step by step, longest first, as LibTorch's recurrent
 * networks take them.
 *
 * @param rows where each packed row stands in {@code [B · T]}
 * @param batchSizes how many sequences are still running at each step
 * @param order the sequences, longest first
 * @param inverse where each sequence stands in that order
 */
record Packing(Tensor rows, Tensor batchSizes, Tensor order, Tensor inverse) {
  /**
   * Packs.
   *
   * @param lengths one for each sequence, in [1, steps]
   */
  static Packing of(long[] lengths, long steps) {
    for (long length : lengths) {
      if (length < 1 || length > steps) {
        throw new ShapeException(
            "lengths: expected numbers from 1 to "
                + steps
                + ", got "
                + Arrays.toString(lengths)
                + "; leave empty sequences out");
      }
    }
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingLong(b -> -lengths[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] inverse = new long[order.length];
    for (int place = 0; place < order.length; place++) {
      inverse[order[place]] = place;
    }
    long longest = lengths.length == 0 ? 0 : lengths[order[0]];
    long[] running = new long[Math.toIntExact(longest)];
    long[] rows = new long[Math.toIntExact(Arrays.stream(lengths).sum())];
    int next = 0;
    for (int step = 0; step < longest; step++) {
      for (int place = 0; place < order.length && lengths[order[place]] > step; place++) {
        rows[next++] = order[place] * steps + step;
        running[step]++;
      }
    }
    long[] sequences = Arrays.stream(order).asLongStream().toArray();
    return new Packing(
        Tensor.of(rows), Tensor.of(running), Tensor.of(sequences), Tensor.of(inverse));
  }

  /** Packs {@code [B, T, size]} into {@code [rows, size]}. */
  Tensor pack(Tensor x) {
    return x.flatten(0, 1).indexSelect(0, rows);
  }

  /** Spreads {@code [rows, size]} over {@code [B, T, size]}, zeros beyond each length. */
  Tensor unpack(Tensor packed, long batch, long steps) {
    Tensor zeros = Tensor.zeros(Shape.of(batch * steps, packed.size(-1)), packed.dtype());
    return zeros.indexAdd(0, rows, packed).unflatten(0, batch, steps);
  }
}
