package dev.heed.cli.embed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.BadInputException;
import dev.heed.cli.task.TaskItem;
import dev.heed.task.Embedder;
import dev.heed.vector.ExactStore;
import dev.heed.vector.LuceneStore;
import dev.heed.vector.Metric;
import dev.heed.vector.Search;
import dev.heed.vector.VectorEntry;
import dev.heed.vector.VectorStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Texts and their vectors, in memory or in a folder that knows which encoder made it. */
final class TextIndex implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** The property that holds the vector of {@link #PROBE}. */
  private static final String MADE_WITH = "heed.text.probe";

  /** Any text: two encoders that give it one vector are the same. */
  private static final String PROBE = "Where can I park?";

  /** Precisions and engines of one encoder differ by less. */
  private static final double ALIKE = 0.99;

  /**
   * Lucene tells which instructions it takes, which is not for the user; held, as loggers are weak.
   */
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene.internal");

  static {
    LUCENE.setLevel(Level.SEVERE);
  }

  private final VectorStore store;
  private long next;

  private TextIndex(VectorStore store) {
    this.store = store;
  }

  /** What stands beside a vector. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Kept(@Nullable String file, @Nullable Integer line, String text) {}

  /** A text that was found; lines count from 1. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Match(double similarity, @Nullable String file, @Nullable Integer line, String text) {
    private static final int SHOWN = 200;

    String place() {
      return file == null ? String.valueOf(line) : file;
    }

    /** The text, or of a whole file its beginning. */
    String shown() {
      String even = file == null ? text : text.strip().replaceAll("\\s+", " ");
      return file == null || even.length() <= SHOWN ? even : even.substring(0, SHOWN) + "…";
    }
  }

  static TextIndex inMemory() {
    return new TextIndex(new ExactStore(Metric.COSINE));
  }

  /** Begins a new folder, which {@link #finish} makes whole. */
  static TextIndex create(Path folder, Embedder embedder) {
    try {
      return new TextIndex(
          LuceneStore.create(
              folder, Metric.COSINE, Map.of(MADE_WITH, written(embedder.embed(PROBE)))));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--index: " + e.getMessage());
    }
  }

  static TextIndex open(Path folder, Embedder embedder) {
    LuceneStore store = LuceneStore.open(folder);
    String made = store.properties().getOrDefault(MADE_WITH, "");
    float[] probe = embedder.embed(PROBE);
    double alike = made.isEmpty() || store.size() != probe.length ? 0 : alike(made, probe);
    if (alike < ALIKE) {
      store.close();
      throw new BadInputException(
          String.format(
              Locale.ROOT,
              "--index: expected the encoder that it was made with, got one whose vectors are alike"
                  + " by %.3f: %s; name the other by --model, or make the index anew",
              alike,
              folder));
    }
    return new TextIndex(store);
  }

  private static String written(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static double alike(String made, float[] probe) {
    try {
      byte[] bytes = Base64.getDecoder().decode(made);
      if (bytes.length != Float.BYTES * probe.length) {
        return 0;
      }
      float[] vector = new float[probe.length];
      ByteBuffer.wrap(bytes).asFloatBuffer().get(vector);
      return Embedder.similarity(vector, probe);
    } catch (IllegalArgumentException e) {
      return 0; // no Base64
    }
  }

  /** Adds texts with their vectors. */
  void add(List<TaskItem> items, List<float[]> vectors) {
    List<VectorEntry> entries = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      TaskItem item = items.get(i);
      byte[] kept = JSON.writeValueAsBytes(new Kept(item.file(), item.line(), item.text()));
      entries.add(new VectorEntry(next, vectors.get(i), next, kept));
      next++;
    }
    store.add(entries);
  }

  /** Lets what was added be found. */
  void finish() {
    store.commit();
  }

  /** The texts nearest to a vector, nearest first. */
  List<Match> nearest(float[] vector, int top) {
    return store.nearest(vector, Search.of(top)).stream()
        .map(near -> {
          Kept kept = JSON.readValue(near.payload(), Kept.class);
          return new Match(1 - near.distance(), kept.file(), kept.line(), kept.text());
        })
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
