package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The output of few queries over many keys: all query heads that share a head of keys lie side by
 * side in one tile, so that keys and values are read once, and long caches are cut into chunks for
 * several threads, joined in order (Dao et al., Flash-Decoding, 2023).
 */
final class DecodingPass implements Workers.Task {
  /** Keys of one task: fixed, so that sums do not depend on the number of threads. */
  private static final int CHUNK = 4096;

  private final Problem problem;
  private final Operand output;
  private final @Nullable Normalisers normalisers;
  private final OutputTile tiles;
  private final int rows;
  private final int chunks;
  private final int keyStride;
  private final int valueStride;

  /** Sums, maxima and outputs of every chunk. */
  private final float[] parts;

  private final int partSize;

  /** See {@link ForwardPass}. */
  DecodingPass(Problem problem, Operand output, @Nullable Normalisers normalisers) {
    this.problem = problem;
    this.output = output;
    this.normalisers = normalisers;
    this.tiles = new OutputTile(problem);
    this.rows = rows(problem);
    this.keyStride = Scratch.padded(problem.queries().width());
    this.valueStride = Scratch.padded(problem.values().width());
    this.chunks = Math.max(1, (problem.keys().length() + CHUNK - 1) / CHUNK);
    this.partSize = rows * (valueStride + 2);
    this.parts = new float[Math.multiplyExact(keyPlanes() * chunks, partSize)];
  }

  private static int rows(Problem problem) {
    return problem.headsPerKey() * problem.queries().length();
  }

  /** Whether this pass computes the problem: few rows, scores as they are, nothing dropped. */
  static boolean fits(Problem problem) {
    return rows(problem) <= TILE_QUERIES
        && problem.keys().length() >= 4 * TILE_KEYS
        && problem.modifier() == null
        && !problem.dropout().active();
  }

  private int keyPlanes() {
    return problem.keys().batches() * problem.keys().heads();
  }

  void compute(Workers workers) {
    workers.run(keyPlanes() * chunks, this);
    for (int keyPlane = 0; keyPlane < keyPlanes(); keyPlane++) {
      for (int row = 0; row < rows; row++) {
        join(keyPlane, row);
      }
    }
  }

  @Override
  public void run(int task, Workspace workspace) {
    run(task, Scratch.of(workspace));
  }

  private void run(int task, Scratch s) {
    int batch = task / chunks / problem.keys().heads();
    int keyHead = task / chunks % problem.keys().heads();
    int first = task % chunks * CHUNK;
    int end = Math.min(first + CHUNK, problem.keys().length());
    prepare(s, batch, keyHead);
    for (int key = first; key < end; key += TILE_KEYS) {
      int count = Math.min(TILE_KEYS, end - key);
      BlockKind kind = kind(s.bits, batch, keyHead, key, count);
      if (kind != BlockKind.EMPTY) {
        KeyBlock.load(problem, s, batch, keyHead, key, count);
        s.tile.at(batch, keyHead, 0, rows, key, 0, count);
        tiles.add(s, 0, 0, count, kind == BlockKind.FULL ? null : s.bits);
      }
    }
    int at = task * partSize;
    System.arraycopy(s.sum, 0, parts, at, rows);
    System.arraycopy(s.maximum, 0, parts, at + rows, rows);
    System.arraycopy(s.outputs, 0, parts, at + 2 * rows, rows * valueStride);
  }

  private void prepare(Scratch s, int batch, int keyHead) {
    s.clearTiles();
    s.keys = Scratch.atLeast(s.keys, TILE_KEYS * keyStride);
    s.values = Scratch.atLeast(s.values, TILE_KEYS * valueStride);
    s.queries = Scratch.atLeast(s.queries, TILE_QUERIES * keyStride);
    s.queriesByColumn = Scratch.atLeast(s.queriesByColumn, TILE_QUERIES * keyStride);
    s.outputs = Scratch.atLeast(s.outputs, TILE_QUERIES * valueStride);
    Arrays.fill(s.queries, 0, TILE_QUERIES * keyStride, 0f);
    for (int row = 0; row < rows; row++) {
      int query = row % problem.queries().length();
      problem
          .queries()
          .load(batch, head(keyHead, row), query, 1, s.queries, row * keyStride, keyStride);
    }
    Transposition.transpose(
        roundUp(rows, LENGTH),
        keyStride,
        s.queries,
        0,
        keyStride,
        s.queriesByColumn,
        0,
        TILE_QUERIES,
        s.square);
    problem.scaleFirst(s.queriesByColumn, 0, TILE_QUERIES * keyStride);
    Arrays.fill(s.maximum, 0, TILE_QUERIES, OnlineSoftmax.NOTHING_SEEN);
    Arrays.fill(s.sum, 0, TILE_QUERIES, 0f);
    Arrays.fill(s.outputs, 0, TILE_QUERIES * valueStride, 0f);
  }

  private int head(int keyHead, int row) {
    return keyHead * problem.headsPerKey() + row / problem.queries().length();
  }

  private int position(int row) {
    return problem.firstPosition() + row % problem.queries().length();
  }

  /** What all rows together see of a block; fills the bits if that is a part. */
  private BlockKind kind(int[] bits, int batch, int keyHead, int key, int count) {
    AttentionMask mask = problem.mask();
    if (mask == null) {
      return BlockKind.FULL;
    }
    Arrays.fill(bits, 0);
    int full = 0;
    int empty = 0;
    for (int row = 0; row < rows; row++) {
      int head = head(keyHead, row);
      int position = position(row);
      BlockKind kind = mask.classify(batch, head, position, position + 1, key, key + count);
      full += kind == BlockKind.FULL ? 1 : 0;
      empty += kind == BlockKind.EMPTY ? 1 : 0;
      for (int i = 0; kind != BlockKind.EMPTY && i < count; i++) {
        if (kind == BlockKind.FULL || mask.allows(batch, head, position, key + i)) {
          bits[i] |= 1 << row;
        }
      }
    }
    if (full == rows) {
      return BlockKind.FULL;
    }
    return empty == rows ? BlockKind.EMPTY : BlockKind.PARTIAL;
  }

  /** Adds the chunks of one row, each scaled to their common maximum, and writes the output. */
  private void join(int keyPlane, int row) {
    int first = keyPlane * chunks * partSize;
    float maximum = OnlineSoftmax.NOTHING_SEEN;
    for (int chunk = 0; chunk < chunks; chunk++) {
      maximum = Math.max(maximum, parts[first + chunk * partSize + rows + row]);
    }
    int to = first + 2 * rows + row * valueStride;
    float sum = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int part = first + chunk * partSize;
      double below = (double) parts[part + rows + row] - maximum;
      float factor = (float) Math.pow(2, below * problem.toPowers());
      sum += factor * parts[part + row];
      int from = part + 2 * rows + row * valueStride;
      for (int d = 0; d < valueStride; d++) {
        parts[to + d] = factor * parts[from + d] + (chunk == 0 ? 0 : parts[to + d]);
      }
    }
    int batch = keyPlane / problem.keys().heads();
    int head = head(keyPlane % problem.keys().heads(), row);
    int query = row % problem.queries().length();
    output.store(batch, head, query, parts, to, sum == 0 ? 0 : 1 / sum);
    if (normalisers != null) {
      normalisers.set(batch, head, query, maximum, sum);
    }
  }
}
