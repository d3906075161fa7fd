package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import dev.heed.attention.kernel.BlockSchedule.Partial;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a mask into the schedule of one plane: halves the plane's key range until a part is empty,
 * full, or a single tile, so that the cost follows the boundary of the mask and not its area.
 */
final class ScheduleBuilder {
  /** Tiles of queries that are classified together before each is looked at alone. */
  private static final int BAND = 16;

  private final AttentionMask mask;
  private final int batch;
  private final int head;
  private final int queries;
  private final int keys;
  private final int offset;
  private final Map<Bits, Partial> shared = new HashMap<>();
  private final List<int[]> runs = new ArrayList<>();
  private final List<@Nullable Partial> partials = new ArrayList<>();

  private ScheduleBuilder(AttentionMask mask, int batch, int head, int queries, int keys) {
    this.mask = mask;
    this.batch = batch;
    this.head = head;
    this.queries = queries;
    this.keys = keys;
    this.offset = keys - queries;
  }

  static BlockSchedule build(AttentionMask mask, int batch, int head, int queries, int keys) {
    return new ScheduleBuilder(mask, batch, head, queries, keys).build();
  }

  private BlockSchedule build() {
    int queryTiles = tiles(queries, TILE_QUERIES);
    int[] starts = new int[queryTiles + 1];
    for (int band = 0; band < queryTiles; band += BAND) {
      int end = Math.min(band + BAND, queryTiles);
      List<int[]> candidates = new ArrayList<>();
      candidates(band, end, 0, tiles(keys, TILE_KEYS), candidates);
      for (int tile = band; tile < end; tile++) {
        starts[tile] = runs.size();
        for (int[] range : candidates) {
          visit(tile, range[0], range[1]);
        }
      }
    }
    starts[queryTiles] = runs.size();
    return new BlockSchedule(
        starts,
        runs.stream().mapToInt(run -> run[0]).toArray(),
        runs.stream().mapToInt(run -> run[1]).toArray(),
        partials.toArray(Partial[]::new));
  }

  /** Ranges of key tiles that are not empty for a whole band of queries. */
  private void candidates(int band, int bandEnd, int from, int to, List<int[]> found) {
    if (from == to || kind(band, bandEnd, from, to) == BlockKind.EMPTY) {
      return;
    }
    if (to - from <= BAND) {
      found.add(new int[] {from, to});
      return;
    }
    int middle = (from + to) >>> 1;
    candidates(band, bandEnd, from, middle, found);
    candidates(band, bandEnd, middle, to, found);
  }

  private void visit(int tile, int from, int to) {
    BlockKind kind = kind(tile, tile + 1, from, to);
    if (kind == BlockKind.EMPTY) {
      return;
    }
    if (kind == BlockKind.FULL) {
      addFull(tile, from, to);
    } else if (to - from == 1) {
      addPartial(tile, from);
    } else {
      int middle = (from + to) >>> 1;
      visit(tile, from, middle);
      visit(tile, middle, to);
    }
  }

  private BlockKind kind(int tile, int tileEnd, int from, int to) {
    return mask.classify(
        batch,
        head,
        offset + tile * TILE_QUERIES,
        offset + Math.min(tileEnd * TILE_QUERIES, queries),
        from * TILE_KEYS,
        Math.min(to * TILE_KEYS, keys));
  }

  private int tileOfLastRun = -1;

  private void addFull(int tile, int from, int to) {
    int last = runs.size() - 1;
    if (last >= 0
        && tileOfLastRun == tile
        && partials.get(last) == null
        && runs.get(last)[1] == from) {
      runs.get(last)[1] = to;
    } else {
      add(tile, from, to, null);
    }
  }

  private void addPartial(int tile, int keyTile) {
    int firstKey = keyTile * TILE_KEYS;
    int count = Math.min(TILE_KEYS, keys - firstKey);
    int firstQuery = offset + tile * TILE_QUERIES;
    int lanes = Math.min(TILE_QUERIES, queries - tile * TILE_QUERIES);
    int all = lanes == Integer.SIZE ? -1 : (1 << lanes) - 1;
    int[] bits = new int[TILE_KEYS];
    int from = count;
    int to = 0;
    boolean full = true;
    for (int key = 0; key < count; key++) {
      bits[key] = row(firstQuery, lanes, firstKey + key);
      full &= bits[key] == all;
      if (bits[key] != 0) {
        from = Math.min(from, key);
        to = key + 1;
      }
    }
    if (full) {
      addFull(tile, keyTile, keyTile + 1);
    } else if (to > 0) {
      int begin = from;
      int end = to;
      add(
          tile,
          keyTile,
          keyTile + 1,
          shared.computeIfAbsent(new Bits(bits), key -> new Partial(bits, begin, end)));
    }
  }

  private int row(int firstQuery, int lanes, int key) {
    int bits = 0;
    for (int lane = 0; lane < lanes; lane++) {
      if (mask.allows(batch, head, firstQuery + lane, key)) {
        bits |= 1 << lane;
      }
    }
    return bits;
  }

  private void add(int tile, int from, int to, @Nullable Partial partial) {
    runs.add(new int[] {from, to});
    partials.add(partial);
    tileOfLastRun = tile;
  }

  private static int tiles(int count, int size) {
    return (count + size - 1) / size;
  }

  private record Bits(int[] words) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bits bits && Arrays.equals(words, bits.words);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(words);
    }
  }
}
