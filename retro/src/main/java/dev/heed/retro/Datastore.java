package dev.heed.retro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;

/**
 * Chunks of texts on disk, found by the nearness of their keys (Borgeaud et al. 2021, section 2.2).
 *
 * <p>The keys stand in a navigable small-world graph (Malkov and Yashunin 2018) that is read where
 * it lies: a query looks at few of them, and opening loads none. Safe to share between threads.
 */
public final class Datastore implements AutoCloseable {
  /**
   * Candidates that a search keeps at least: with fewer the graph's search ends too early. 128 find
   * at least 95 of 100 true neighbours in {@code DatastoreTest}.
   */
  private static final int CANDIDATES = 128;

  private final Path folder;
  private final FSDirectory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final DatastoreFormat format;

  private Datastore(Path folder, FSDirectory directory, DirectoryReader reader) throws IOException {
    this.folder = folder;
    this.directory = directory;
    this.reader = reader;
    this.searcher = new IndexSearcher(reader);
    this.format = DatastoreFormat.of(folder, reader.getIndexCommit().getUserData());
    for (LeafReaderContext leaf : reader.leaves()) {
      if (leaf.reader() instanceof CodecReader files) {
        files.checkIntegrity();
      }
    }
  }

  /**
   * Opens a datastore, after checking all its files against their checksums.
   *
   * @param folder that {@link DatastoreBuilder} finished
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException {@code NOT_FOUND}, {@code MALFORMED} for
   *     damaged files, {@code UNSUPPORTED} for an index of another kind
   */
  public static Datastore open(Path folder) {
    FSDirectory directory = null;
    DirectoryReader reader = null;
    boolean opened = false;
    try {
      if (!Files.isDirectory(folder)) {
        throw new NoSuchFileException(folder.toString(), null, "no such folder");
      }
      directory = FSDirectory.open(folder);
      reader = DirectoryReader.open(directory);
      Datastore store = new Datastore(folder, directory, reader);
      opened = true;
      return store;
    } catch (IOException e) {
      throw DatastoreFormat.failure(folder, e);
    } finally {
      if (!opened) {
        closeAll(folder, reader, directory);
      }
    }
  }

  private static void closeAll(
      Path folder, @org.jspecify.annotations.Nullable AutoCloseable... parts) {
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (IOException e) {
        throw DatastoreFormat.failure(folder, e);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** How many chunks it holds. */
  public int chunks() {
    return reader.numDocs();
  }

  /** Tokens a chunk. */
  public int chunk() {
    return format.chunk();
  }

  /** The size of the keys; 0 if it is empty. */
  public int keySize() {
    return format.size();
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
    if (k < 1) {
      throw new IllegalArgumentException("datastore: expected at least 1 neighbour, got " + k);
    }
    if (chunks() == 0) {
      return List.of();
    }
    if (key.length != format.size()) {
      throw new IllegalArgumentException(
          "datastore: expected a key of size "
              + format.size()
              + ", got "
              + key.length
              + "; ask by the encoder that it was built with");
    }
    BooleanQuery others =
        new BooleanQuery.Builder()
            .add(MatchAllDocsQuery.INSTANCE, Occur.MUST)
            .add(LongPoint.newExactQuery(DatastoreFormat.DOCUMENT, excluded), Occur.MUST_NOT)
            .build();
    KnnFloatVectorQuery query =
        new KnnFloatVectorQuery(
            DatastoreFormat.KEY, key, Math.max(k, CANDIDATES), excluded < 0 ? null : others);
    try {
      List<Neighbour> found = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(query, k).scoreDocs) {
        found.add(DatastoreFormat.neighbour(searcher.storedFields().document(hit.doc), hit.score));
      }
      return found;
    } catch (IOException e) {
      throw DatastoreFormat.failure(folder, e);
    }
  }

  @Override
  public void close() {
    closeAll(folder, reader, directory);
  }
}
