package dev.heed.model.reformer;

import dev.heed.attention.sparse.AdjacentChunks;
import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and choices of a Reformer checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H
 * @param numAttentionHeads heads of each layer
 * @param attentionHeadSize size of a head
 * @param attnLayers {@code local} or {@code lsh} for each layer
 * @param feedForwardSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param isDecoder whether tokens see only those up to themselves
 * @param layerNormEps positive
 * @param maxPositionEmbeddings the longest text in tokens
 * @param padTokenId what texts are filled up with to whole chunks
 * @param axialPosEmbds whether positions are points of a grid
 * @param axialPosShape the grid
 * @param axialPosEmbdsDim size of the vector of each of its axes
 * @param localAttnChunkLength tokens a chunk, nearby
 * @param localNumChunksBefore chunks seen before it
 * @param localNumChunksAfter chunks seen after it
 * @param localAttentionProbsDropoutProb of weights while training
 * @param lshAttnChunkLength tokens a chunk, among those that hash alike
 * @param lshNumChunksBefore chunks seen before it
 * @param lshNumChunksAfter chunks seen after it
 * @param lshAttentionProbsDropoutProb of weights while training
 * @param numBuckets buckets of a hash: a number, factors of it, or null for what a text's length
 *     suggests
 * @param numHashes rounds of hashing
 * @param hashSeed of the rotations that hash, or null for 0
 * @param tieWordEmbeddings false: the output reads two streams
 * @param classifierDropout before a classifier, or null for {@code hiddenDropoutProb}
 */
record ReformerConfig(
    @Default("320") int vocabSize,
    @Default("256") int hiddenSize,
    @Default("12") int numAttentionHeads,
    @Default("64") int attentionHeadSize,
    @Default("[\"local\", \"lsh\", \"local\", \"lsh\", \"local\", \"lsh\"]") List<Kind> attnLayers,
    @Default("512") int feedForwardSize,
    @Default("relu") String hiddenAct,
    @Default("0.05") double hiddenDropoutProb,
    @Default("false") boolean isDecoder,
    @Default("1e-12") double layerNormEps,
    @Default("4096") int maxPositionEmbeddings,
    @Default("0") int padTokenId,
    @Default("true") boolean axialPosEmbds,
    @Default("[64, 64]") List<Integer> axialPosShape,
    @Default("[64, 192]") List<Integer> axialPosEmbdsDim,
    @Default("64") int localAttnChunkLength,
    @Default("1") int localNumChunksBefore,
    @Default("0") int localNumChunksAfter,
    @Default("0.05") double localAttentionProbsDropoutProb,
    @Default("64") int lshAttnChunkLength,
    @Default("1") int lshNumChunksBefore,
    @Default("0") int lshNumChunksAfter,
    @Default("0.0") double lshAttentionProbsDropoutProb,
    @Nullable JsonNode numBuckets,
    @Default("1") int numHashes,
    @Default("0") @Nullable Long hashSeed,
    @Default("false") @Only("false") boolean tieWordEmbeddings,
    @Nullable Double classifierDropout) {
  /** What a layer's attention looks at. */
  enum Kind {
    /** Tokens nearby. */
    LOCAL,
    /** Tokens that hash alike. */
    LSH
  }

  /** Checks what later code builds on. */
  ReformerConfig {
    Activation.named(hiddenAct);
    if (attnLayers.isEmpty() || numHashes < 1) {
      throw new IllegalArgumentException(
          "attn_layers, num_hashes: expected at least one of each, got "
              + attnLayers.size()
              + " and "
              + numHashes);
    }
    if (axialPosEmbds
        && (axialPosShape.size() != axialPosEmbdsDim.size()
            || axialPosEmbdsDim.stream().mapToInt(i -> i).sum() != hiddenSize)) {
      throw new IllegalArgumentException(
          "axial_pos_shape, axial_pos_embds_dim: expected as many sizes, that make hidden_size, "
              + hiddenSize
              + ", got "
              + axialPosShape
              + " and "
              + axialPosEmbdsDim);
    }
    for (int factor : factors(numBuckets)) {
      if (factor < 2 || factor % 2 != 0) {
        throw new IllegalArgumentException("num_buckets: expected even numbers, got " + numBuckets);
      }
    }
  }

  private static List<Integer> factors(@Nullable JsonNode buckets) {
    List<Integer> factors = new ArrayList<>();
    if (buckets != null && buckets.isArray()) {
      buckets.forEach(factor -> factors.add(factor.asInt(0)));
    } else if (buckets != null) {
      factors.add(buckets.asInt(0));
    }
    return factors;
  }

  AdjacentChunks nearby() {
    return new AdjacentChunks(localAttnChunkLength, localNumChunksBefore, localNumChunksAfter);
  }

  AdjacentChunks alike() {
    return new AdjacentChunks(lshAttnChunkLength, lshNumChunksBefore, lshNumChunksAfter);
  }

  /** The factors of the number of buckets of a hash, for a text that is hashed. */
  List<Integer> buckets(long length) {
    List<Integer> given = factors(numBuckets);
    if (!given.isEmpty()) {
      return given;
    }
    // About twice as many as there are chunks, a power of two; in two factors where that is many.
    long wanted = 2 * (length / lshAttnChunkLength);
    int power = 63 - Long.numberOfLeadingZeros(Math.max(1, wanted));
    double chunks = Math.sqrt(maxPositionEmbeddings / lshAttnChunkLength);
    int most = 2 * Math.max((int) chunks, lshAttnChunkLength);
    return 1 << power > most
        ? List.of(1 << (power / 2), 1 << (power - power / 2))
        : List.of(1 << power);
  }

  /** What lengths of texts are filled up to a multiple of, if they are longer than a chunk. */
  int multiple() {
    boolean local = attnLayers.contains(Kind.LOCAL);
    boolean lsh = attnLayers.contains(Kind.LSH);
    if (local && lsh) {
      return leastCommonMultiple(localAttnChunkLength, lshAttnChunkLength);
    }
    return local ? localAttnChunkLength : lshAttnChunkLength;
  }

  /** Texts up to this length are seen whole. */
  int shortest() {
    boolean local = attnLayers.contains(Kind.LOCAL);
    boolean lsh = attnLayers.contains(Kind.LSH);
    if (local && lsh) {
      return Math.min(localAttnChunkLength, lshAttnChunkLength);
    }
    return local ? localAttnChunkLength : lshAttnChunkLength;
  }

  private static int leastCommonMultiple(int a, int b) {
    int x = a;
    int y = b;
    while (y != 0) {
      int rest = x % y;
      x = y;
      y = rest;
    }
    return Math.multiplyExact(a / x, b);
  }
}
