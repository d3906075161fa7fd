package dev.heed.attention.kernel;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Block schedules by mask and shape; the least recently used are forgotten beyond a size, and
 * beyond a count: decoding asks for a shape of each length, small ones whose keys weigh more than
 * they do.
 */
final class ScheduleCache {
  static final ScheduleCache SHARED = new ScheduleCache(64L << 20);

  /** Stands for every head or every sequence of a mask that does not tell them apart. */
  private static final int ANY = -1;

  /** With their keys a few hundred bytes each at least. */
  static final int MOST = 4096;

  private final long capacity;
  private final Map<Key, BlockSchedule> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  ScheduleCache(long capacity) {
    this.capacity = capacity;
  }

  private record Key(AttentionMask mask, int batch, int head, int queries, int keys) {}

  /** The schedules of a mask for this shape, found or built when asked for. */
  PlaneSchedules of(@Nullable AttentionMask mask, int queries, int keys) {
    AttentionMask given = mask == null ? Everything.MASK : mask;
    if (!given.dependsOnBatch() && !given.dependsOnHead()) {
      BlockSchedule one = find(new Key(given, ANY, ANY, queries, keys));
      return (batch, head) -> one;
    }
    return (batch, head) ->
        find(
            new Key(
                given,
                given.dependsOnBatch() ? batch : ANY,
                given.dependsOnHead() ? head : ANY,
                queries,
                keys));
  }

  private BlockSchedule find(Key key) {
    synchronized (entries) {
      BlockSchedule known = entries.get(key);
      if (known != null) {
        return known;
      }
    }
    BlockSchedule built =
        ScheduleBuilder.build(
            key.mask(),
            Math.max(0, key.batch()),
            Math.max(0, key.head()),
            key.queries(),
            key.keys());
    synchronized (entries) {
      BlockSchedule before = entries.put(key, built);
      bytes += built.bytes() - (before == null ? 0 : before.bytes());
      trim();
    }
    return built;
  }

  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  private void trim() {
    Iterator<BlockSchedule> oldest = entries.values().iterator();
    while ((bytes > capacity || entries.size() > MOST) && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** The mask that allows every pair. */
  private enum Everything implements AttentionMask {
    MASK;

    @Override
    public boolean allows(int batch, int head, int query, int key) {
      return true;
    }

    @Override
    public BlockKind classify(
        int batch, int head, int queryFrom, int queryTo, int keyFrom, int keyTo) {
      return BlockKind.FULL;
    }

    @Override
    public boolean dependsOnBatch() {
      return false;
    }

    @Override
    public boolean dependsOnHead() {
      return false;
    }
  }
}
