package dev.heed.retro;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.vector.LuceneStore;
import dev.heed.vector.Metric;
import dev.heed.vector.Search;
import dev.heed.vector.VectorStore;
import java.nio.file.Path;
import java.util.List;

/**
 * Chunks of texts, found by the nearness of their keys (Borgeaud et al. 2021, section 2.2).
 *
 * <p>Keys and chunks lie in a {@link VectorStore}: a folder, or any other. Safe to share between
 * threads.
 */
public final class Datastore implements AutoCloseable {
  /** The property of a folder that says how many tokens a chunk has. */
  static final String CHUNK = "heed.retro.chunk";

  private final VectorStore store;
  private final int chunk;

  private Datastore(VectorStore store, int chunk) {
    this.store = store;
    this.chunk = chunk;
  }

  /**
   * Opens a datastore in a folder, after checking all its files against their checksums.
   *
   * @param folder that {@link DatastoreBuilder} finished
   * @return owned by the caller
   * @throws CheckpointException {@code NOT_FOUND}, {@code MALFORMED} for damaged files, {@code
   *     UNSUPPORTED} for a store of something else
   */
  public static Datastore open(Path folder) {
    LuceneStore store = LuceneStore.open(folder);
    String chunk = store.properties().getOrDefault(CHUNK, "");
    if (!chunk.matches("[1-9][0-9]{0,8}")) {
      store.close();
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          folder.toString(),
          "a RETRO datastore",
          "a store of other vectors, chunk " + Quoted.of(chunk),
          "Build it anew with DatastoreBuilder.");
    }
    return new Datastore(store, Integer.parseInt(chunk));
  }

  /**
   * A datastore in another kind of store.
   *
   * @param store that {@link DatastoreBuilder#into} filled; owned from now on
   * @param chunk tokens a chunk, as it was filled
   */
  public static Datastore over(VectorStore store, int chunk) {
    return new Datastore(euclidean(store), chunk);
  }

  /** Keys are compared as in the paper (section 2.3). */
  static VectorStore euclidean(VectorStore store) {
    if (store.metric() != Metric.EUCLIDEAN) {
      throw new IllegalArgumentException(
          "datastore: expected a store of Euclidean distances, got " + store.metric());
    }
    return store;
  }

  /** How many chunks it holds. */
  public int chunks() {
    return Math.toIntExact(store.count());
  }

  /** Tokens a chunk. */
  public int chunk() {
    return chunk;
  }

  /** The size of the keys; 0 if it is empty. */
  public int keySize() {
    return store.size();
  }

  /**
   * The nearest chunks to a key, nearest first.
   *
   * @param key as long as the store's keys
   * @param k how many at most, from 1
   * @param excluded the document whose chunks are left out: the one that asks, or -1 for none
   * @return fewer than k if there are no more
   * @throws IllegalArgumentException for a key of another size
   */
  public List<Neighbour> nearest(float[] key, int k, long excluded) {
    return store.nearest(key, Search.of(k).withoutGroup(excluded)).stream()
        .map(ChunkPayload::neighbour)
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
