package dev.heed.attention.kernel;

import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorException;
import dev.heed.tensor.kernel.Teams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The exact weights of an attention, any part of them on demand: from q, k and each row's greatest
 * score and sum.
 *
 * <p>Weights are those after the softmax and before dropout. Readable as long as q and k are open.
 * Results are owned by the current scope, f64 for f64 inputs, else f32; rows count from 0.
 *
 * @param queries {@code [B, H, Tq, D]}
 * @param keys {@code [B, Hkv, Tk, D]}
 * @param normalisers of each row {@code [B, H, Tq, 2]}: its greatest score, positive infinity for a
 *     row without keys, and the logarithm to base 2 of its sum of powers
 * @param spec the mask and scores of the attention
 * @param changes how often each tensor that is read had been changed in place
 */
public record AttentionWeights(
    Tensor queries, Tensor keys, Tensor normalisers, AttentionSpec spec, List<Long> changes) {
  /**
   * Of an attention that was computed just now. A tensor made in inference mode keeps no count of
   * its changes: of such queries and keys a copy is kept, owned by the current scope.
   */
  static AttentionWeights of(Tensor q, Tensor k, Tensor normalisers, AttentionSpec spec) {
    Tensor queries = q.changesInPlace() < 0 ? q.copy() : q;
    Tensor keys = k.changesInPlace() < 0 ? (k == q ? queries : k.copy()) : k;
    return new AttentionWeights(queries, keys, normalisers, spec, changes(queries, keys, spec));
  }

  private static List<Long> changes(Tensor queries, Tensor keys, AttentionSpec spec) {
    List<Tensor> read = new ArrayList<>(List.of(queries, keys));
    if (spec.modifier() != null) {
      read.addAll(spec.modifier().parameters());
    }
    return read.stream().map(Tensor::changesInPlace).toList();
  }

  /**
   * The keys that queries attend to most, the strongest first; equal ones in order of their place.
   *
   * @param keys i64 {@code [rows, count]}
   * @param weights {@code [rows, count]}
   */
  public record TopKeys(Tensor keys, Tensor weights) {}

  /**
   * Whole rows of one head.
   *
   * @param rows each in {@code [0, Tq)}
   * @return {@code [rows.length, Tk]}
   */
  public Tensor rows(int batch, int head, int... rows) {
    int keyCount = (int) keys.size(2);
    return block(batch, head, rows, 0, keyCount);
  }

  /**
   * A rectangle of one head.
   *
   * @param firstRow from 0
   * @param endRow up to {@code Tq}
   * @param firstKey from 0
   * @param endKey up to {@code Tk}
   * @return {@code [endRow - firstRow, endKey - firstKey]}
   */
  public Tensor tile(int batch, int head, int firstRow, int endRow, int firstKey, int endKey) {
    return block(batch, head, IntStream.range(firstRow, endRow).toArray(), firstKey, endKey);
  }

  /** One head, {@code [Tq, Tk]}. */
  public Tensor head(int batch, int head) {
    return tile(batch, head, 0, (int) queries.size(2), 0, (int) keys.size(2));
  }

  /**
   * A rectangle of one head, drawn smaller: one number for each block of so many rows and keys.
   * Every weight of it is computed, a tile at a time, and none is held.
   *
   * @param firstRow from 0
   * @param endRow up to {@code Tq}
   * @param firstKey from 0
   * @param endKey up to {@code Tk}
   * @param block at least 1; blocks at the end may be smaller
   * @param pooling what stands for a block
   * @return f32 {@code [⌈rows / block⌉, ⌈keys / block⌉]}
   */
  public Tensor pooled(
      int batch,
      int head,
      int firstRow,
      int endRow,
      int firstKey,
      int endKey,
      int block,
      WeightPooling pooling) {
    check("batch", batch, batch + 1, queries.size(0));
    check("head", head, head + 1, queries.size(1));
    check("rows", firstRow, endRow, queries.size(2));
    check("keys", firstKey, endKey, keys.size(2));
    if (block < 1) {
      throw new IllegalArgumentException("block: expected 1 or more, got " + block);
    }
    WeightPooling.Area area =
        new WeightPooling.Area(batch, head, firstRow, endRow, firstKey, endKey, block);
    float[] cells = pooling.pool(reader(), area, Teams.of(Backend.threads()));
    return Tensor.of(cells, area.rows(), area.columns());
  }

  /** Everything, {@code [B, H, Tq, Tk]}: the n × n matrices that are otherwise never built. */
  public Tensor all() {
    Shape shape = Shape.of(queries.size(0), queries.size(1), queries.size(2), keys.size(2));
    Tensor result = Tensor.empty(shape, type());
    WeightReader reader = reader();
    int[] rows = IntStream.range(0, (int) queries.size(2)).toArray();
    int heads = (int) queries.size(1);
    Operand target = Operands.of(result);
    Teams.of(Backend.threads())
        .run(
            (int) queries.size(0) * heads,
            (plane, w) ->
                reader.read(Scratch.of(w), plane / heads, plane % heads, rows, 0, target));
    return result;
  }

  /**
   * The strongest keys of chosen rows.
   *
   * @param count how many keys of each row, at most {@code Tk}
   * @param rows each in {@code [0, Tq)}
   */
  public TopKeys top(int batch, int head, int count, int... rows) {
    int keyCount = (int) keys.size(2);
    if (count < 0 || count > keyCount) {
      throw new IllegalArgumentException(
          "top: expected a count in [0, " + keyCount + "] (the keys), got " + count);
    }
    long[] places = new long[rows.length * count];
    double[] strengths = new double[rows.length * count];
    for (int i = 0; i < rows.length; i++) {
      double[] weights;
      try (Tensor row = rows(batch, head, rows[i])) {
        weights = row.toDoubleArray();
      }
      int[] order = Strongest.of(weights, count);
      for (int j = 0; j < count; j++) {
        places[i * count + j] = order[j];
        strengths[i * count + j] = weights[order[j]];
      }
    }
    return new TopKeys(
        Tensor.of(places, rows.length, count), Tensor.of(strengths, rows.length, count).to(type()));
  }

  private Tensor block(int batch, int head, int[] rows, int firstKey, int endKey) {
    check("batch", batch, batch + 1, queries.size(0));
    check("head", head, head + 1, queries.size(1));
    check("keys", firstKey, endKey, keys.size(2));
    Arrays.stream(rows).forEach(row -> check("row", row, row + 1, queries.size(2)));
    Tensor result = Tensor.empty(Shape.of(1, 1, rows.length, endKey - firstKey), type());
    WeightReader reader = reader();
    Operand target = Operands.of(result);
    Teams.of(Backend.threads())
        .run(1, (task, w) -> reader.read(Scratch.of(w), batch, head, rows, firstKey, target));
    Tensor matrix = result.view(rows.length, endKey - firstKey);
    result.close();
    return matrix;
  }

  private static void check(String what, int from, int end, long size) {
    if (from < 0 || from > end || end > size) {
      throw new TensorException(
          "weights: expected "
              + what
              + " within [0, "
              + size
              + "), got ["
              + from
              + ", "
              + end
              + ")");
    }
  }

  private DType type() {
    return queries.dtype() == DType.F64 ? DType.F64 : DType.F32;
  }

  private WeightReader reader() {
    if (!changes.equals(changes(queries, keys, spec))) {
      throw new TensorException(
          "weights: expected queries, keys and score parameters as they were when attention was"
              + " computed, got some that were changed in place since; attend again, or change a"
              + " copy()");
    }
    Operand reader = Operands.of(keys);
    Problem problem = Problem.of(Operands.of(queries), reader, reader, spec);
    return new WeightReader(problem, Normalisers.of(normalisers));
  }
}
