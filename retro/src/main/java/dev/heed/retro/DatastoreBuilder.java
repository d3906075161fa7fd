package dev.heed.retro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.FSDirectory;

/**
 * Writes a {@link Datastore}: cuts texts into chunks, encodes each as its key, and stores it with
 * its continuation.
 *
 * <p>Memory is bounded while the corpus is not: 64 chunks wait to be encoded together, and 32 MB of
 * what was encoded wait to be written. Joining written parts holds the links of their graphs, but
 * no vectors. For one thread.
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
  private static final double BUFFER_MEGABYTES = 32;

  /** Lucene's limit. */
  private static final int LARGEST_KEY = 1024;

  private record Waiting(long document, int place, long[] tokens) {}

  private final Path folder;
  private final int chunk;
  private final ChunkEncoder encoder;
  private final FSDirectory directory;
  private final IndexWriter writer;
  private final List<Waiting> waiting = new ArrayList<>();
  private int size;

  private DatastoreBuilder(Path folder, int chunk, ChunkEncoder encoder) throws IOException {
    this.folder = folder;
    this.chunk = chunk;
    this.encoder = encoder;
    this.directory = FSDirectory.open(folder);
    this.writer =
        new IndexWriter(
            directory,
            new IndexWriterConfig()
                .setCommitOnClose(false)
                .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                // The same corpus gives the same index.
                .setMergeScheduler(new SerialMergeScheduler()));
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
    if (chunk < 1) {
      throw new IllegalArgumentException("datastore: expected a chunk from 1, got " + chunk);
    }
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new IllegalArgumentException(
              "datastore: expected an empty folder, got " + folder + "; name another one");
        }
      }
      return new DatastoreBuilder(folder, chunk, encoder);
    } catch (IOException e) {
      throw DatastoreFormat.failure(folder, e);
    }
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
    try {
      for (int i = 0; i < keys.size(); i++) {
        Waiting entry = waiting.get(i);
        writer.addDocument(
            DatastoreFormat.document(
                entry.document(), entry.place(), entry.tokens(), checked(keys.get(i))));
      }
    } catch (IOException e) {
      throw DatastoreFormat.failure(folder, e);
    }
    waiting.clear();
  }

  private float[] checked(float[] key) {
    if (key.length < 1 || key.length > LARGEST_KEY || (size != 0 && key.length != size)) {
      throw new IllegalArgumentException(
          "datastore: expected keys of one size from 1 to "
              + LARGEST_KEY
              + (size == 0 ? "" : ", here " + size)
              + ", got "
              + key.length);
    }
    size = key.length;
    return key;
  }

  /** Writes what waits and makes the datastore whole: only now can it be opened. */
  public void finish() {
    write();
    try {
      writer.setLiveCommitData(new DatastoreFormat(chunk, size).commitData().entrySet());
      writer.commit();
    } catch (IOException e) {
      throw DatastoreFormat.failure(folder, e);
    }
  }

  /** Lets the folder go; what was not {@linkplain #finish() finished} is gone. */
  @Override
  public void close() {
    try {
      writer.rollback();
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
