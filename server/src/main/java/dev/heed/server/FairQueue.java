package dev.heed.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, taken in turn: one of each client, then the next of each, so that a client with many
 * requests delays its own and not those of others (Nagle 1987, "On Packet Switches with Infinite
 * Storage", section "fair queuing").
 *
 * <p>Not safe for threads by itself.
 */
final class FairQueue<T> {
  private final Map<String, Deque<T>> clients = new LinkedHashMap<>();
  private int size;

  void add(String client, T one) {
    clients.computeIfAbsent(client, name -> new ArrayDeque<>()).addLast(one);
    size++;
  }

  int size() {
    return size;
  }

  /** Whose turn it is, or null if nobody waits. */
  @Nullable T peek() {
    return clients.isEmpty() ? null : clients.values().iterator().next().peekFirst();
  }

  /** Takes whose turn it is; his client's next one is behind all others. */
  T take() {
    Map.Entry<String, Deque<T>> turn = clients.entrySet().iterator().next();
    Deque<T> own = turn.getValue();
    T one = own.removeFirst();
    clients.remove(turn.getKey());
    if (!own.isEmpty()) {
      clients.put(turn.getKey(), own);
    }
    size--;
    return one;
  }
}
