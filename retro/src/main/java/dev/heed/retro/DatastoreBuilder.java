package dev.heed.retro;

import dev.heed.vector.LuceneStore;
import dev.heed.vector.Metric;
import dev.heed.vector.VectorEntry;
import dev.heed.vector.VectorStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link Datastore}: cuts texts into chunks, encodes each as its key, and stores it with
 * its continuation.
 *
 * <p>64 chunks wait to be encoded together; what was encoded is the store's, and a folder holds no
 * more of it in memory than {@link LuceneStore} says. For one thread.
 *
 * {@snippet :
 * try (DatastoreBuilder builder = DatastoreBuilder.create(folder, 64, encoder)) {
 *   for (int i = 0; i < texts.size(); i++) {
 *     builder.add(i, texts.get(i));
 *   }
 *   builder.finish();
 * }
 * }
 */
public final class DatastoreBuilder implements AutoCloseable {
  private static final int BATCH = 64;

  private record Waiting(long document, int place, long[] tokens) {}

  private final VectorStore store;
  private final int chunk;
  private final ChunkEncoder encoder;
  private final List<Waiting> waiting = new ArrayList<>();
  private long written;

  private DatastoreBuilder(VectorStore store, int chunk, ChunkEncoder encoder) {
    this.store = store;
    this.chunk = chunk;
    this.encoder = encoder;
  }

  /**
   * Begins a datastore.
   *
   * @param folder made if it is not there, else empty
   * @param chunk tokens a chunk, from 1: 64 in the paper
   * @param encoder makes the keys; queries must be made by the same
   * @return owned by the caller
   * @throws IllegalArgumentException if the folder holds anything
   * @throws dev.heed.checkpoint.CheckpointException if it cannot be written to
   */
  public static DatastoreBuilder create(Path folder, int chunk, ChunkEncoder encoder) {
    return new DatastoreBuilder(
        LuceneStore.create(
            folder, Metric.EUCLIDEAN, Map.of(Datastore.CHUNK, String.valueOf(checked(chunk)))),
        chunk,
        encoder);
  }

  /**
   * Begins a datastore in another kind of store, for {@link Datastore#over}.
   *
   * @param store an empty one of Euclidean distances; owned from now on
   * @param chunk tokens a chunk, from 1
   * @param encoder makes the keys; queries must be made by the same
   */
  public static DatastoreBuilder into(VectorStore store, int chunk, ChunkEncoder encoder) {
    return new DatastoreBuilder(Datastore.euclidean(store), checked(chunk), encoder);
  }

  private static int checked(int chunk) {
    if (chunk < 1) {
      throw new IllegalArgumentException("datastore: expected a chunk from 1, got " + chunk);
    }
    return chunk;
  }

  /**
   * Adds a text: each of its whole chunks becomes an entry; tokens after the last whole one are
   * only its continuation.
   *
   * @param document the text's number; retrieval leaves a text's own chunks out by it
   * @param tokens ids from 0 to 2³¹ - 1
   */
  public void add(long document, long[] tokens) {
    for (long token : tokens) {
      if (token < 0 || token > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "datastore: expected tokens from 0 to 2147483647, got " + token);
      }
    }
    for (int place = 0; (place + 1) * (long) chunk <= tokens.length; place++) {
      int from = place * chunk;
      int to = (int) Math.min(from + 2L * chunk, tokens.length);
      waiting.add(new Waiting(document, place, Arrays.copyOfRange(tokens, from, to)));
      if (waiting.size() == BATCH) {
        write();
      }
    }
  }

  private void write() {
    if (waiting.isEmpty()) {
      return;
    }
    List<float[]> keys =
        encoder.encode(waiting.stream().map(w -> Arrays.copyOf(w.tokens(), chunk)).toList());
    if (keys.size() != waiting.size()) {
      throw new IllegalArgumentException(
          "datastore: expected " + waiting.size() + " keys of the encoder, got " + keys.size());
    }
    List<VectorEntry> entries = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Waiting entry = waiting.get(i);
      entries.add(
          ChunkPayload.entry(
              written++, entry.document(), entry.place(), entry.tokens(), keys.get(i)));
    }
    store.add(entries);
    waiting.clear();
  }

  /** Writes what waits and makes the datastore whole: only now can it be opened. */
  public void finish() {
    write();
    store.commit();
  }

  /** Lets the store go; what was not {@linkplain #finish() finished} is gone. */
  @Override
  public void close() {
    store.close();
  }
}
