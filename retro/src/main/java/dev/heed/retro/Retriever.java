package dev.heed.retro;

import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the neighbours of each chunk of a batch, in the shape that {@link
 * dev.heed.model.retro.Retro} reads.
 *
 * @param store searched
 * @param encoder the one the store was built with
 * @param neighbours how many a chunk, from 1: 2 in the paper
 * @param padding the token that fills up short continuations and neighbours that were not found
 */
public record Retriever(Datastore store, ChunkEncoder encoder, int neighbours, long padding) {
  /** Checks the number. */
  public Retriever {
    if (neighbours < 1) {
      throw new IllegalArgumentException(
          "retriever: expected at least 1 neighbour, got " + neighbours);
    }
  }

  /**
   * Retrieves, never from the sequence's own document.
   *
   * @param ids i64 {@code [B, T]}
   * @param documents the number of each sequence's document, or -1 for one that is not in the store
   * @return i64 {@code [B, T / chunk, neighbours, 2 · chunk]}: each a chunk and its continuation,
   *     nearest first; owned by the current scope
   */
  public Tensor retrieve(Tensor ids, long... documents) {
    int batch = Math.toIntExact(ids.size(0));
    if (documents.length != batch) {
      throw new IllegalArgumentException(
          "retriever: expected a document for each of "
              + batch
              + " sequences, got "
              + documents.length);
    }
    int chunk = store.chunk();
    int length = Math.toIntExact(ids.size(1));
    int chunks = length / chunk;
    long[] tokens = ids.toLongArray();
    List<long[]> asked = new ArrayList<>();
    for (int i = 0; i < batch * chunks; i++) {
      int from = i / chunks * length + i % chunks * chunk;
      asked.add(Arrays.copyOfRange(tokens, from, from + chunk));
    }
    int width = 2 * chunk;
    long[] found = new long[Math.multiplyExact(asked.size(), neighbours * width)];
    Arrays.fill(found, padding);
    List<float[]> keys = asked.isEmpty() ? List.of() : encoder.encode(asked);
    for (int i = 0; i < keys.size(); i++) {
      List<Neighbour> near = store.nearest(keys.get(i), neighbours, documents[i / chunks]);
      for (int j = 0; j < near.size(); j++) {
        long[] text = near.get(j).tokens();
        System.arraycopy(text, 0, found, (i * neighbours + j) * width, text.length);
      }
    }
    return Tensor.of(found, batch, chunks, neighbours, width);
  }
}
