package dev.heed.vector;

import java.util.List;

/**
 * Keeps vectors and finds the nearest ones.
 *
 * <p>What is added or removed is seen by searches, and lasts, from {@link #commit} on; {@link
 * #close} drops what was not committed. Any number of threads may search while one at a time
 * changes the store.
 */
public interface VectorStore extends AutoCloseable {
  /** How far its vectors are apart. */
  Metric metric();

  /** The size of its vectors; 0 while that is open. */
  int size();

  /** How many vectors searches see. */
  long count();

  /**
   * Adds vectors, in place of those of the same name.
   *
   * @throws IllegalArgumentException for a vector of another size, or with numbers that have no
   *     distance; none of the list is added then
   */
  void add(List<VectorEntry> entries);

  /** Adds one vector. */
  default void add(VectorEntry entry) {
    add(List.of(entry));
  }

  /** Removes a vector; nothing happens if there is none of this name. */
  void remove(long id);

  /** Lets searches see what was changed, and makes it last. */
  void commit();

  /**
   * The nearest vectors, nearest first.
   *
   * @param vector as long as the store's
   * @param search how many, and which not
   * @return fewer if there are no more
   * @throws IllegalArgumentException for a vector of another size, or one that has no distance
   */
  List<Near> nearest(float[] vector, Search search);

  @Override
  void close();
}
