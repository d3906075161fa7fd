package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of q, k, v and of a modifier's parameters, from weights recomputed tile by tile
 * (Dao, FlashAttention-2, 2023, algorithm 2).
 *
 * <p>One task is a share of the queries of one head of keys, with sums of its own for the gradients
 * of keys and values; the shares are added in order. How many there are follows from the shape
 * alone, so that the sums are the same on any number of threads.
 */
final class BackwardPass implements Workers.Task {
  /** With this many heads there is work enough for every thread without shares. */
  private static final int ENOUGH_TASKS = 8;

  private final Problem problem;
  private final PlaneSchedules schedules;
  private final InputGradients gradients;
  private final Normalisers normalisers;
  private final ParameterGradients parameters;
  private final GradientTile tiles;
  private final @Nullable ZeroTiles zeros;
  private final int groupSize;
  private final int groupsPerShare;
  private final int shares;
  private final int keyStride;
  private final int valueStride;
  private final float[][] keyShares;
  private final float[][] valueShares;

  /**
   * @param normalisers what the forward pass wrote
   */
  BackwardPass(
      Problem problem,
      PlaneSchedules schedules,
      InputGradients gradients,
      Normalisers normalisers) {
    this.problem = problem;
    this.schedules = schedules;
    this.gradients = gradients;
    this.normalisers = normalisers;
    this.tiles = new GradientTile(problem);
    this.zeros = ZeroTiles.of(problem);
    int width = Math.max(problem.queries().width(), problem.values().width());
    this.keyStride = Scratch.padded(problem.queries().width());
    this.valueStride = Scratch.padded(problem.values().width());
    this.groupSize = Scratch.halfGroupSize(width);
    int groups = Math.max(1, (problem.queries().length() + groupSize - 1) / groupSize);
    int heads = keyPlanes();
    boolean split = heads < ENOUGH_TASKS && !hasDisjointParameters();
    int wanted = split ? Math.min(groups, ENOUGH_TASKS / Math.max(1, heads)) : 1;
    this.groupsPerShare = (groups + wanted - 1) / wanted;
    this.shares = (groups + groupsPerShare - 1) / groupsPerShare;
    this.keyShares = new float[shares == 1 ? 0 : tasks()][];
    this.valueShares = new float[keyShares.length][];
    this.parameters = ParameterGradients.of(problem.modifier(), tasks());
  }

  private boolean hasDisjointParameters() {
    return problem.modifier() != null && problem.modifier().parametersAreDisjoint();
  }

  private int keyPlanes() {
    return problem.keys().batches() * problem.keys().heads();
  }

  private int tasks() {
    return keyPlanes() * shares;
  }

  /**
   * Computes all gradients.
   *
   * @return those of the modifier's parameters, one array each
   */
  double[][] compute(Workers workers) {
    if (ParameterGradients.sequential(problem.modifier(), parameters)) {
      Workers.alone(tasks(), this);
    } else {
      workers.run(tasks(), this);
    }
    if (shares > 1) {
      workers.run(keyPlanes(), (plane, workspace) -> reduce(plane, Scratch.of(workspace)));
    }
    return parameters.sum();
  }

  @Override
  public void run(int task, Workspace workspace) {
    run(task, Scratch.of(workspace));
  }

  private void run(int task, Scratch s) {
    int keyPlane = task / shares;
    int share = task % shares;
    prepare(s);
    double[][] into = parameters.of(task);
    int batch = keyPlane / problem.keys().heads();
    int firstHead = keyPlane % problem.keys().heads() * problem.headsPerKey();
    int size = groupsPerShare * groupSize;
    int end = Math.min((share + 1) * size, problem.queries().length());
    for (int head = firstHead; head < firstHead + problem.headsPerKey(); head++) {
      for (int first = share * size; first < end; first += groupSize) {
        group(s, batch, head, first, Math.min(groupSize, end - first), into);
      }
    }
    if (shares == 1) {
      store(s.keyGradients, s.valueGradients, keyPlane);
    } else {
      keyShares[task] = Arrays.copyOf(s.keyGradients, keyRows() * keyStride);
      valueShares[task] = Arrays.copyOf(s.valueGradients, keyRows() * valueStride);
    }
  }

  private int keyRows() {
    return roundUp(problem.keys().length(), TILE_KEYS);
  }

  private void prepare(Scratch s) {
    s.clearTiles();
    s.keys = Scratch.atLeast(s.keys, TILE_KEYS * keyStride);
    s.values = Scratch.atLeast(s.values, TILE_KEYS * valueStride);
    s.queries = Scratch.atLeast(s.queries, groupSize * keyStride);
    s.queriesByColumn = Scratch.atLeast(s.queriesByColumn, groupSize * keyStride);
    s.queryGradients = Scratch.atLeast(s.queryGradients, groupSize * keyStride);
    s.outputs = Scratch.atLeast(s.outputs, groupSize * valueStride);
    s.outputGradients = Scratch.atLeast(s.outputGradients, groupSize * valueStride);
    s.outputGradientsByColumn = Scratch.atLeast(s.outputGradientsByColumn, groupSize * valueStride);
    s.keyGradients = Scratch.atLeast(s.keyGradients, keyRows() * keyStride);
    s.valueGradients = Scratch.atLeast(s.valueGradients, keyRows() * valueStride);
    Arrays.fill(s.keyGradients, 0, keyRows() * keyStride, 0f);
    Arrays.fill(s.valueGradients, 0, keyRows() * valueStride, 0f);
  }

  private void group(Scratch s, int batch, int head, int first, int count, double[][] into) {
    loadQueries(s, batch, head, first, count);
    BlockSchedule schedule = schedules.of(batch, head);
    QueryGroup group = new QueryGroup(schedule, first, count, s.run);
    int keyHead = head / problem.headsPerKey();
    for (int block = group.next(0); block != QueryGroup.END; block = group.next(block + 1)) {
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
          tiles.add(s, at, schedule.partial(run), into);
        }
      }
      tiles.end(s, head, first + problem.firstPosition(), count, firstKey, into);
    }
    float scale = (float) problem.scale();
    for (int q = 0; q < count; q++) {
      gradients.queries().store(batch, head, first + q, s.queryGradients, q * keyStride, scale);
    }
  }

  private void loadQueries(Scratch s, int batch, int head, int first, int count) {
    int padded = roundUp(count, TILE_QUERIES);
    problem.queries().load(batch, head, first, count, s.queries, 0, keyStride);
    gradients.output().load(batch, head, first, count, s.outputs, 0, valueStride);
    gradients.outputGradient().load(batch, head, first, count, s.outputGradients, 0, valueStride);
    Arrays.fill(s.queries, count * keyStride, padded * keyStride, 0f);
    Arrays.fill(s.outputGradients, count * valueStride, padded * valueStride, 0f);
    Arrays.fill(s.queryGradients, 0, padded * keyStride, 0f);
    for (int q = 0; q < count; q += TILE_QUERIES) {
      int rows = Math.min(TILE_QUERIES, count - q);
      int lanes = roundUp(rows, LENGTH);
      if (zeros != null) {
        zeros.queries(s, q / TILE_QUERIES, s.queries, q * keyStride, rows, keyStride);
      }
      byColumn(s, lanes, s.queries, s.queriesByColumn, q * keyStride, keyStride);
      byColumn(
          s, lanes, s.outputGradients, s.outputGradientsByColumn, q * valueStride, valueStride);
    }
    problem.scaleFirst(s.queriesByColumn, 0, padded * keyStride);
    normalisers.load(batch, head, first, count, s.maximum, s.logSum);
    Arrays.fill(s.maximum, count, padded, Float.POSITIVE_INFINITY);
    Arrays.fill(s.logSum, count, padded, 0f);
    Arrays.fill(s.sum, count, padded, 0f);
    for (int q = 0; q < count; q++) {
      int at = q * valueStride;
      s.sum[q] = RowScaling.dot(s.outputs, at, s.outputGradients, at, valueStride, s.square);
    }
  }

  private static void byColumn(
      Scratch s, int lanes, float[] rows, float[] columns, int at, int stride) {
    Transposition.transpose(lanes, stride, rows, at, stride, columns, at, TILE_QUERIES, s.square);
  }

  /** Adds the shares of one head of keys in order and stores the sums. */
  private void reduce(int keyPlane, Scratch s) {
    float[] keys = keyShares[keyPlane * shares];
    float[] values = valueShares[keyPlane * shares];
    for (int share = 1; share < shares; share++) {
      RowScaling.add(keys, keyShares[keyPlane * shares + share], 0, keys.length);
      RowScaling.add(values, valueShares[keyPlane * shares + share], 0, values.length);
    }
    store(keys, values, keyPlane);
  }

  private void store(float[] keys, float[] values, int keyPlane) {
    int batch = keyPlane / problem.keys().heads();
    int head = keyPlane % problem.keys().heads();
    float scale = (float) problem.scale();
    for (int row = 0; row < problem.keys().length(); row++) {
      gradients.keys().store(batch, head, row, keys, row * keyStride, scale);
      gradients.values().store(batch, head, row, values, row * valueStride, 1f);
    }
  }
}
