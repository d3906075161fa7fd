package dev.heed.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Keeps vectors in memory and compares each with the one searched for: exact, in time proportional
 * to what it holds. What approximate stores are measured against.
 */
public final class ExactStore implements VectorStore {
  private static final Comparator<Near> NEAREST_FIRST =
      Comparator.comparingDouble(Near::distance).thenComparingLong(Near::id);

  private final Metric metric;
  private final Map<Long, VectorEntry> changed = new LinkedHashMap<>();
  private volatile List<VectorEntry> seen = List.of();
  private volatile int size;

  /** An empty store. */
  public ExactStore(Metric metric) {
    this.metric = metric;
  }

  @Override
  public Metric metric() {
    return metric;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long count() {
    return seen.size();
  }

  @Override
  public synchronized void add(List<VectorEntry> entries) {
    int expected = size;
    for (VectorEntry entry : entries) {
      metric.check(entry.vector(), expected, Integer.MAX_VALUE);
      expected = entry.vector().length;
    }
    size = expected;
    entries.forEach(entry -> changed.put(entry.id(), entry));
  }

  @Override
  public synchronized void remove(long id) {
    changed.remove(id);
  }

  @Override
  public synchronized void commit() {
    seen = List.copyOf(changed.values());
  }

  @Override
  public List<Near> nearest(float[] vector, Search search) {
    List<VectorEntry> all = seen;
    if (all.isEmpty()) {
      return List.of();
    }
    metric.check(vector, size, Integer.MAX_VALUE);
    PriorityQueue<Near> kept = new PriorityQueue<>(NEAREST_FIRST.reversed());
    for (VectorEntry entry : all) {
      if (entry.group() != search.without()) {
        double distance = metric.distance(vector, entry.vector());
        kept.add(new Near(entry.id(), distance, entry.group(), entry.payload()));
        if (kept.size() > search.nearest()) {
          kept.remove();
        }
      }
    }
    List<Near> nearest = new ArrayList<>(kept);
    nearest.sort(NEAREST_FIRST);
    return nearest;
  }

  @Override
  public synchronized void close() {
    changed.clear();
    seen = List.of();
  }
}
