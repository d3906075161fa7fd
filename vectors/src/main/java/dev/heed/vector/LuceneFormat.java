package dev.heed.vector;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/**
 * How a {@link LuceneStore} lies on disk: a Lucene index of one document a vector, whose commit
 * says which kind of index it is.
 *
 * @param metric of its vectors
 * @param size of its vectors; 0 while there is none
 * @param properties the caller's own
 */
record LuceneFormat(Metric metric, int size, Map<String, String> properties) {
  static final String VECTOR = "vector";
  static final String GROUP = "group";
  private static final String ID = "id";
  private static final String PAYLOAD = "payload";
  private static final String KIND = "heed.vectors";
  private static final String VERSION = "1";
  private static final String METRIC = KIND + ".metric";
  private static final String SIZE = KIND + ".size";

  static Term term(long id) {
    return new Term(ID, Long.toString(id));
  }

  static Document document(VectorEntry entry, Metric metric) {
    Document fields = new Document();
    fields.add(new StringField(ID, Long.toString(entry.id()), Store.YES));
    fields.add(
        new KnnFloatVectorField(
            VECTOR,
            key(entry.vector(), metric),
            metric == Metric.EUCLIDEAN
                ? VectorSimilarityFunction.EUCLIDEAN
                : VectorSimilarityFunction.DOT_PRODUCT));
    fields.add(new LongPoint(GROUP, entry.group()));
    fields.add(new StoredField(GROUP, entry.group()));
    fields.add(new StoredField(PAYLOAD, entry.payload()));
    return fields;
  }

  /** What Lucene compares: for the cosine a vector of length 1. */
  static float[] key(float[] vector, Metric metric) {
    if (metric == Metric.EUCLIDEAN) {
      return vector;
    }
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    double length = Math.sqrt(sum);
    float[] key = new float[vector.length];
    for (int i = 0; i < key.length; i++) {
      key[i] = (float) (vector[i] / length);
    }
    return key;
  }

  /** Lucene's score of a squared distance d is {@code 1 / (1 + d)}, of a product p (1 + p) / 2. */
  static Near near(Document fields, float score, Metric metric) {
    double distance = metric == Metric.EUCLIDEAN ? 1 / (double) score - 1 : 2 - 2 * (double) score;
    BytesRef payload = fields.getBinaryValue(PAYLOAD);
    return new Near(
        Long.parseLong(fields.get(ID)),
        Math.max(0, distance),
        fields.getField(GROUP).numericValue().longValue(),
        Arrays.copyOfRange(payload.bytes, payload.offset, payload.offset + payload.length));
  }

  Map<String, String> commitData() {
    Map<String, String> data = new TreeMap<>(properties);
    data.put(KIND, VERSION);
    data.put(METRIC, metric.name());
    data.put(SIZE, String.valueOf(size));
    return data;
  }

  static LuceneFormat of(Path folder, Map<String, String> commitData) {
    String version = commitData.getOrDefault(KIND, "another index");
    if (!version.equals(VERSION)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          folder.toString(),
          "a store of vectors of version " + VERSION,
          Quoted.of(version),
          "Build it anew.");
    }
    Map<String, String> properties = new TreeMap<>(commitData);
    properties.keySet().removeIf(key -> key.startsWith(KIND));
    try {
      return new LuceneFormat(
          Metric.valueOf(commitData.getOrDefault(METRIC, "")),
          Integer.parseInt(commitData.getOrDefault(SIZE, "")),
          properties);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Kind.MALFORMED,
          folder.toString(),
          "a metric and a size",
          Quoted.of(commitData.toString()),
          "Build it anew.",
          e);
    }
  }

  /** What went wrong, in our words. */
  static CheckpointException failure(Path folder, IOException e) {
    boolean missing = e instanceof IndexNotFoundException || e instanceof NoSuchFileException;
    return new CheckpointException(
        missing ? Kind.NOT_FOUND : Kind.MALFORMED,
        folder.toString(),
        "the files of a store of vectors, complete and unchanged",
        Quoted.of(String.valueOf(e.getMessage())),
        "Check the path, or build it anew.",
        e);
  }
}
