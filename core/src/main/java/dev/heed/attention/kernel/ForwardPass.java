package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.attention.kernel.BlockSchedule.Partial;
import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The output, one task a group of queries of one head: every block of keys and values is copied
 * once and met by every tile of the group that the mask leaves (Dao, FlashAttention-2, 2023,
 * algorithm 1).
 */
final class ForwardPass implements Workers.Task {
  private final Problem problem;
  private final PlaneSchedules schedules;
  private final Operand output;
  private final @Nullable Normalisers normalisers;
  private final OutputTile tiles;
  private final @Nullable ZeroTiles zeros;
  private final int groupSize;
  private final int groups;
  private final int keyStride;
  private final int valueStride;

  /**
   * @param output {@code [B, H, Tq, Dv]}, written
   * @param normalisers of every row, written if not null
   */
  ForwardPass(
      Problem problem,
      PlaneSchedules schedules,
      Operand output,
      @Nullable Normalisers normalisers) {
    this.problem = problem;
    this.schedules = schedules;
    this.output = output;
    this.normalisers = normalisers;
    this.tiles = new OutputTile(problem);
    this.zeros = ZeroTiles.of(problem);
    int width = problem.queries().width();
    int valueWidth = problem.values().width();
    this.keyStride = Scratch.padded(width);
    this.valueStride = Scratch.padded(valueWidth);
    this.groupSize = Scratch.groupSize(Math.max(width, valueWidth));
    this.groups = (problem.queries().length() + groupSize - 1) / groupSize;
  }

  void compute(Workers workers) {
    workers.run(problem.planes() * groups, this);
  }

  /**
   * Groups of one head follow each other, the last first: under a causal mask it is the longest.
   */
  @Override
  public void run(int task, Workspace workspace) {
    run(task, Scratch.of(workspace));
  }

  private void run(int task, Scratch s) {
    int plane = task / groups;
    int first = (groups - 1 - task % groups) * groupSize;
    int count = Math.min(groupSize, problem.queries().length() - first);
    prepare(s);
    loadQueries(s, problem.batch(plane), problem.head(plane), first, count);
    int own = zeros == null ? 0 : nearest(first);
    walk(s, problem.batch(plane), problem.head(plane), first, count, own, QueryGroup.END);
    walk(s, problem.batch(plane), problem.head(plane), first, count, 0, own);
    finish(s, plane, first, count);
  }

  private void prepare(Scratch s) {
    s.clearTiles();
    s.keys = Scratch.atLeast(s.keys, TILE_KEYS * keyStride);
    s.values = Scratch.atLeast(s.values, TILE_KEYS * valueStride);
    s.queries = Scratch.atLeast(s.queries, TILE_QUERIES * keyStride);
    s.queriesByColumn = Scratch.atLeast(s.queriesByColumn, groupSize * keyStride);
    s.outputs = Scratch.atLeast(s.outputs, groupSize * valueStride);
  }

  private void loadQueries(Scratch s, int batch, int head, int first, int count) {
    for (int q = 0; q < count; q += TILE_QUERIES) {
      int rows = Math.min(TILE_QUERIES, count - q);
      int lanes = roundUp(rows, LENGTH);
      problem.queries().load(batch, head, first + q, rows, s.queries, 0, keyStride);
      Arrays.fill(s.queries, rows * keyStride, lanes * keyStride, 0f);
      if (zeros != null) {
        zeros.queries(s, q / TILE_QUERIES, s.queries, 0, rows, keyStride);
      }
      Transposition.transpose(
          lanes,
          keyStride,
          s.queries,
          0,
          keyStride,
          s.queriesByColumn,
          q * keyStride,
          TILE_QUERIES,
          s.square);
    }
    int padded = roundUp(count, TILE_QUERIES);
    problem.scaleFirst(s.queriesByColumn, 0, padded * keyStride);
    Arrays.fill(s.maximum, 0, padded, OnlineSoftmax.NOTHING_SEEN);
    Arrays.fill(s.sum, 0, padded, 0f);
    Arrays.fill(s.outputs, 0, padded * valueStride, 0f);
  }

  /** The block beside a query: begun there, maxima are high where later tiles may be zero. */
  private int nearest(int query) {
    return Math.max(0, query + problem.firstPosition()) / TILE_KEYS;
  }

  /** Meets blocks {@code [from, to)}. */
  private void walk(Scratch s, int batch, int head, int first, int count, int from, int to) {
    BlockSchedule schedule = schedules.of(batch, head);
    QueryGroup group = new QueryGroup(schedule, first, count, s.run);
    int keyHead = head / problem.headsPerKey();
    for (int block = group.next(from); block < to; block = group.next(block + 1)) {
      int firstKey = block * TILE_KEYS;
      int keys = Math.min(TILE_KEYS, problem.keys().length() - firstKey);
      KeyBlock.load(problem, s, batch, keyHead, firstKey, keys);
      tiles.begin(s, head, first + problem.firstPosition(), count, firstKey);
      if (zeros != null) {
        zeros.block(s, keys, keyStride, count);
      }
      for (int tile = 0; tile < group.tiles(); tile++) {
        int run = group.run(tile, block);
        int at = tile * TILE_QUERIES;
        int queries = Math.min(TILE_QUERIES, count - at);
        if (run >= 0 && (zeros == null || !zeros.contain(s, at, queries))) {
          int position = first + at + problem.firstPosition();
          s.tile.at(batch, head, position, queries, firstKey, 0, keys);
          add(s, at, schedule.partial(run), keys);
        }
      }
    }
  }

  private void add(Scratch s, int at, @Nullable Partial partial, int keys) {
    if (partial == null) {
      tiles.add(s, at, 0, keys, null);
    } else {
      tiles.add(s, at, partial.from(), partial.to(), partial.bits());
    }
  }

  private void finish(Scratch s, int plane, int first, int count) {
    int batch = problem.batch(plane);
    int head = problem.head(plane);
    for (int q = 0; q < count; q++) {
      float sum = s.sum[q];
      output.store(batch, head, first + q, s.outputs, q * valueStride, sum == 0 ? 0 : 1 / sum);
    }
    for (int q = 0; normalisers != null && q < count; q++) {
      normalisers.set(batch, head, first + q, s.maximum[q], s.sum[q]);
    }
  }
}
