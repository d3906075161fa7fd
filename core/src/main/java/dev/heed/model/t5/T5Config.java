package dev.heed.model.t5;

import dev.heed.attention.score.RelativeBuckets;
import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a T5 checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param dModel H
 * @param dKv size of a head
 * @param dFf inner size of the feed-forward part
 * @param numLayers layers of the encoder
 * @param numDecoderLayers layers of the decoder, or null for as many
 * @param numHeads heads of each layer
 * @param relativeAttentionNumBuckets buckets of distances
 * @param relativeAttentionMaxDistance from here on all distances share a bucket
 * @param dropoutRate while training
 * @param layerNormEpsilon positive
 * @param feedForwardProj {@code ACT} or {@code gated-ACT}, where {@code gated-gelu} stands for the
 *     tanh approximation
 * @param denseActFn the activation, which {@code feedForwardProj} names too, or null
 * @param isGatedAct whether inner values are gated, or null; {@code feedForwardProj} says it too
 * @param tieWordEmbeddings whether the output map is the token table, of states divided by √H
 * @param decoderStartTokenId what a decoder starts with
 * @param padTokenId stands in for labels that do not count
 * @param classifierDropout of a classifier's input while training
 */
record T5Config(
    @Default("32128") int vocabSize,
    @Default("512") int dModel,
    @Default("64") int dKv,
    @Default("2048") int dFf,
    @Default("6") int numLayers,
    @Nullable Integer numDecoderLayers,
    @Default("8") int numHeads,
    @Default("32") int relativeAttentionNumBuckets,
    @Default("128") int relativeAttentionMaxDistance,
    @Default("0.1") double dropoutRate,
    @Default("1e-6") double layerNormEpsilon,
    @Default("relu") String feedForwardProj,
    @Nullable String denseActFn,
    @Nullable Boolean isGatedAct,
    @Default("true") boolean tieWordEmbeddings,
    @Default("0") int decoderStartTokenId,
    @Default("0") int padTokenId,
    @Default("0.0") double classifierDropout) {
  private static final String GATED = "gated-";

  /** Checks what later code relies on. */
  T5Config {
    Activation named = activation(feedForwardProj);
    boolean gates = feedForwardProj.startsWith(GATED);
    if ((denseActFn != null && Activation.named(denseActFn) != named)
        || (isGatedAct != null && isGatedAct != gates)) {
      throw new IllegalArgumentException(
          "feed_forward_proj: expected what dense_act_fn "
              + denseActFn
              + " and is_gated_act "
              + isGatedAct
              + " say too, got "
              + feedForwardProj);
    }
  }

  int decoderLayers() {
    return numDecoderLayers == null ? numLayers : numDecoderLayers;
  }

  boolean gated() {
    return feedForwardProj.startsWith(GATED);
  }

  Activation activation() {
    return activation(feedForwardProj);
  }

  private static Activation activation(String projection) {
    return projection.equals("gated-gelu")
        ? Activation.GELU_NEW
        : Activation.named(
            projection.startsWith(GATED) ? projection.substring(GATED.length()) : projection);
  }

  RelativeBuckets buckets(boolean bidirectional) {
    return new RelativeBuckets(
        bidirectional, relativeAttentionNumBuckets, relativeAttentionMaxDistance);
  }
}
