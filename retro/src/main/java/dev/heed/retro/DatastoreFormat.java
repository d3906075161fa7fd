package dev.heed.retro;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/**
 * How a {@link Datastore} lies on disk: a Lucene index of one document a chunk, whose commit says
 * which kind of index it is.
 *
 * @param chunk tokens a chunk
 * @param size of the keys; 0 while there is none
 */
record DatastoreFormat(int chunk, int size) {
  static final String KEY = "key";
  static final String DOCUMENT = "document";
  private static final String PLACE = "place";
  private static final String TOKENS = "tokens";
  private static final String KIND = "heed.retro.datastore";
  private static final String VERSION = "1";
  private static final String CHUNK = "chunk";
  private static final String SIZE = "size";

  static Document document(long document, int place, long[] tokens, float[] key) {
    Document fields = new Document();
    fields.add(new KnnFloatVectorField(KEY, key, VectorSimilarityFunction.EUCLIDEAN));
    fields.add(new LongPoint(DOCUMENT, document));
    fields.add(new StoredField(DOCUMENT, document));
    fields.add(new StoredField(PLACE, place));
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length);
    for (long token : tokens) {
      bytes.putInt(Math.toIntExact(token));
    }
    fields.add(new StoredField(TOKENS, bytes.array()));
    return fields;
  }

  /** Lucene's score of a squared distance d is {@code 1 / (1 + d)}. */
  static Neighbour neighbour(Document fields, float score) {
    BytesRef stored = fields.getBinaryValue(TOKENS);
    ByteBuffer bytes = ByteBuffer.wrap(stored.bytes, stored.offset, stored.length);
    long[] tokens = new long[stored.length / Integer.BYTES];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = bytes.getInt();
    }
    return new Neighbour(
        fields.getField(DOCUMENT).numericValue().longValue(),
        fields.getField(PLACE).numericValue().intValue(),
        tokens,
        Math.max(0, 1 / (double) score - 1));
  }

  Map<String, String> commitData() {
    return Map.of(KIND, VERSION, CHUNK, String.valueOf(chunk), SIZE, String.valueOf(size));
  }

  static DatastoreFormat of(Path folder, Map<String, String> commitData) {
    String version = commitData.getOrDefault(KIND, "another index");
    if (!version.equals(VERSION)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          folder.toString(),
          "a RETRO datastore of version " + VERSION,
          Quoted.of(version),
          "Build it anew with DatastoreBuilder.");
    }
    try {
      return new DatastoreFormat(
          Integer.parseInt(commitData.getOrDefault(CHUNK, "")),
          Integer.parseInt(commitData.getOrDefault(SIZE, "")));
    } catch (NumberFormatException e) {
      throw new CheckpointException(
          Kind.MALFORMED,
          folder.toString(),
          "whole numbers for chunk and size",
          Quoted.of(commitData.toString()),
          "Build it anew with DatastoreBuilder.",
          e);
    }
  }

  /** What went wrong, in our words. */
  static CheckpointException failure(Path folder, IOException e) {
    boolean missing = e instanceof IndexNotFoundException || e instanceof NoSuchFileException;
    return new CheckpointException(
        missing ? Kind.NOT_FOUND : Kind.MALFORMED,
        folder.toString(),
        "the files of a RETRO datastore, complete and unchanged",
        Quoted.of(String.valueOf(e.getMessage())),
        "Check the path, or build it anew with DatastoreBuilder.",
        e);
  }
}
