package dev.heed.text.subword;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Pieces and their numbers, both ways. Immutable. */
public final class Vocabulary {
  private final Map<String, Integer> ids;
  private final @Nullable String[] dense;
  private final Map<Integer, String> sparse;

  private Vocabulary(
      Map<String, Integer> ids, @Nullable String[] dense, Map<Integer, String> sparse) {
    this.ids = ids;
    this.dense = dense;
    this.sparse = sparse;
  }

  /**
   * A vocabulary of spellings with numbers. Where two spellings have one number, the first stands
   * for it.
   *
   * @param ids kept, not copied; numbers are not negative
   */
  public static Vocabulary of(Map<String, Integer> ids) {
    int largest = ids.values().stream().mapToInt(i -> i).max().orElse(-1);
    boolean isDense = largest < 2L * ids.size() + 1024;
    @Nullable String[] dense = new @Nullable String[isDense ? largest + 1 : 0];
    Map<Integer, String> sparse = new HashMap<>();
    ids.forEach((piece, id) -> {
      if (isDense) {
        dense[id] = dense[id] == null ? piece : dense[id];
      } else {
        sparse.putIfAbsent(id, piece);
      }
    });
    return new Vocabulary(ids, dense, sparse);
  }

  /**
   * A vocabulary in the order of its numbers.
   *
   * @param pieces kept, not copied; null where a number has none. The last of equal spellings is
   *     found by its spelling
   */
  public static Vocabulary of(@Nullable String[] pieces) {
    Map<String, Integer> ids = HashMap.newHashMap(pieces.length);
    for (int i = 0; i < pieces.length; i++) {
      String piece = pieces[i];
      if (piece != null) {
        ids.put(piece, i);
      }
    }
    return new Vocabulary(ids, pieces, Map.of());
  }

  /** The number of a piece, or -1. */
  public int id(String piece) {
    return ids.getOrDefault(piece, -1);
  }

  /** The spelling of a number, or null. */
  public @Nullable String piece(int id) {
    if (id >= 0 && id < dense.length) {
      return dense[id];
    }
    return sparse.get(id);
  }

  /** How many spellings there are. */
  public int size() {
    return ids.size();
  }

  /** One more than the largest number. */
  public int bound() {
    return sparse.isEmpty() ? dense.length : Collections.max(sparse.keySet()) + 1;
  }

  /** Calls with every spelling and its number, in no order. */
  public void forEach(BiConsumer<String, Integer> action) {
    ids.forEach(action);
  }
}
