package dev.heed.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps vectors in a folder, in a navigable small-world graph of Lucene's (Malkov and Yashunin
 * 2018) that is read where it lies: a query looks at few of them, and opening loads none.
 *
 * <p>Memory is bounded while the store is not: 32 MB of what was added wait to be written. Joining
 * written parts holds the links of their graphs, but no vectors. Vectors have at most 1024 numbers,
 * Lucene's limit.
 */
public final class LuceneStore implements VectorStore {
  private static final double BUFFER_MEGABYTES = 32;

  /** Lucene's limit. */
  private static final int LARGEST = 1024;

  private final Path folder;
  private final FSDirectory directory;
  private volatile LuceneFormat format;
  private volatile @Nullable SearcherManager searchers;
  private @Nullable IndexWriter writer;

  private LuceneStore(
      Path folder,
      FSDirectory directory,
      LuceneFormat format,
      @Nullable SearcherManager searchers) {
    this.folder = folder;
    this.directory = directory;
    this.format = format;
    this.searchers = searchers;
  }

  /**
   * Begins a store; it can be opened once it was committed.
   *
   * @param folder made if it is not there, else empty
   * @param metric of its vectors
   * @return owned by the caller
   * @throws IllegalArgumentException if the folder holds anything
   * @throws dev.heed.checkpoint.CheckpointException if it cannot be written to
   */
  public static LuceneStore create(Path folder, Metric metric) {
    return create(folder, metric, Map.of());
  }

  /**
   * Begins a store that says something of itself.
   *
   * @param folder made if it is not there, else empty
   * @param metric of its vectors
   * @param properties kept in it, in the caller's own form
   * @return owned by the caller
   * @throws IllegalArgumentException if the folder holds anything
   * @throws dev.heed.checkpoint.CheckpointException if it cannot be written to
   */
  public static LuceneStore create(Path folder, Metric metric, Map<String, String> properties) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new IllegalArgumentException(
              "vectors: expected an empty folder, got " + folder + "; name another one");
        }
      }
      LuceneFormat format = new LuceneFormat(metric, 0, Map.copyOf(properties));
      return new LuceneStore(folder, FSDirectory.open(folder), format, null);
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }

  /**
   * Opens a store, after checking all its files against their checksums.
   *
   * @param folder of a store that was committed
   * @return owned by the caller
   * @throws dev.heed.checkpoint.CheckpointException {@code NOT_FOUND}, {@code MALFORMED} for
   *     damaged files, {@code UNSUPPORTED} for an index of another kind
   */
  public static LuceneStore open(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        throw new NoSuchFileException(folder.toString(), null, "no such folder");
      }
      FSDirectory directory = FSDirectory.open(folder);
      try {
        return new LuceneStore(
            folder, directory, checked(folder, directory), new SearcherManager(directory, null));
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }

  private static LuceneFormat checked(Path folder, FSDirectory directory) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      for (LeafReaderContext leaf : reader.leaves()) {
        if (leaf.reader() instanceof CodecReader files) {
          files.checkIntegrity();
        }
      }
      return LuceneFormat.of(folder, reader.getIndexCommit().getUserData());
    }
  }

  /** What it says of itself, as it was made. */
  public Map<String, String> properties() {
    return format.properties();
  }

  @Override
  public Metric metric() {
    return format.metric();
  }

  @Override
  public int size() {
    return format.size();
  }

  @Override
  public long count() {
    return searching(searcher -> (long) searcher.getIndexReader().numDocs(), 0L);
  }

  @Override
  public synchronized void add(List<VectorEntry> entries) {
    int expected = size();
    for (VectorEntry entry : entries) {
      metric().check(entry.vector(), expected, LARGEST);
      expected = entry.vector().length;
    }
    format = new LuceneFormat(metric(), expected, properties());
    try {
      IndexWriter open = writer();
      for (VectorEntry entry : entries) {
        open.updateDocument(LuceneFormat.term(entry.id()), LuceneFormat.document(entry, metric()));
      }
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }

  @Override
  public synchronized void remove(long id) {
    try {
      writer().deleteDocuments(LuceneFormat.term(id));
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }

  private IndexWriter writer() throws IOException {
    IndexWriter open = writer;
    if (open == null) {
      open =
          new IndexWriter(
              directory,
              new IndexWriterConfig()
                  .setCommitOnClose(false)
                  .setRAMBufferSizeMB(BUFFER_MEGABYTES)
                  // The same vectors give the same index.
                  .setMergeScheduler(new SerialMergeScheduler()));
      writer = open;
    }
    return open;
  }

  @Override
  public synchronized void commit() {
    try {
      IndexWriter open = writer();
      open.setLiveCommitData(format.commitData().entrySet());
      open.commit();
      SearcherManager before = searchers;
      if (before == null) {
        searchers = new SearcherManager(directory, null);
      } else {
        before.maybeRefreshBlocking();
      }
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }

  @Override
  public List<Near> nearest(float[] vector, Search search) {
    if (count() == 0) {
      return List.of();
    }
    metric().check(vector, size(), LARGEST);
    BooleanQuery others =
        new BooleanQuery.Builder()
            .add(MatchAllDocsQuery.INSTANCE, Occur.MUST)
            .add(LongPoint.newExactQuery(LuceneFormat.GROUP, search.without()), Occur.MUST_NOT)
            .build();
    KnnFloatVectorQuery query =
        new KnnFloatVectorQuery(
            LuceneFormat.VECTOR,
            LuceneFormat.key(vector, metric()),
            search.kept(),
            search.without() == Search.NO_GROUP ? null : others);
    return searching(
        searcher -> {
          List<Near> found = new ArrayList<>();
          for (ScoreDoc hit : searcher.search(query, search.nearest()).scoreDocs) {
            found.add(
                LuceneFormat.near(searcher.storedFields().document(hit.doc), hit.score, metric()));
          }
          return found;
        },
        List.of());
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(IndexSearcher searcher) throws IOException;
  }

  private <T> T searching(Question<T> question, T beforeTheFirstCommit) {
    SearcherManager all = searchers;
    if (all == null) {
      return beforeTheFirstCommit;
    }
    try {
      IndexSearcher searcher = all.acquire();
      try {
        return question.ask(searcher);
      } finally {
        all.release(searcher);
      }
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }

  @Override
  public synchronized void close() {
    try (FSDirectory files = directory;
        @Nullable SearcherManager open = searchers) {
      if (writer != null) {
        writer.rollback();
      }
    } catch (IOException e) {
      throw LuceneFormat.failure(folder, e);
    }
  }
}
