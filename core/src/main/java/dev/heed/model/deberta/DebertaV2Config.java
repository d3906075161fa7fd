package dev.heed.model.deberta;

import dev.heed.attention.position.DistanceBuckets;
import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Activation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and choices of a DeBERTa v2 or v3 checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param embeddingSize of the vectors of words, or null for H
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings the longest text, and the longest distance if {@code
 *     maxRelativePositions} says none
 * @param typeVocabSize segments, 0 for none
 * @param layerNormEps positive
 * @param padTokenId the token whose embedding is not trained
 * @param relativeAttention whether words meet distances
 * @param maxRelativePositions the longest distance that has a row of its own, or less than 1
 * @param positionBiasedInput whether positions are added to the embeddings
 * @param posAttType {@code c2p}, {@code p2c} or both: a list, or joined by {@code |}
 * @param poolerHiddenSize H, or null for it
 * @param poolerDropout before the pooler
 * @param poolerHiddenAct after the pooler
 * @param clsDropout before the classifier, or null for {@code hiddenDropoutProb}
 * @param legacy whether masked words are guessed by a map of their own
 * @param attentionHeadSize size of a head, or null for {@code H / heads}
 * @param positionBuckets buckets of distances, or less than 1 for none
 * @param shareAttKey whether distances go through the maps of words
 * @param normRelEbd {@code none} or {@code layer_norm} of the vectors of distances
 * @param convKernelSize width of a convolution beside the first layer, 0 for none
 * @param convGroups groups of that convolution
 * @param convAct its activation
 */
record DebertaV2Config(
    @Default("128100") int vocabSize,
    @Nullable Integer embeddingSize,
    @Default("1536") int hiddenSize,
    @Default("24") int numHiddenLayers,
    @Default("24") int numAttentionHeads,
    @Default("6144") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double hiddenDropoutProb,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("512") int maxPositionEmbeddings,
    @Default("0") int typeVocabSize,
    @Default("1e-7") double layerNormEps,
    @Default("0") @Nullable Integer padTokenId,
    @Default("false") boolean relativeAttention,
    @Default("-1") int maxRelativePositions,
    @Default("true") boolean positionBiasedInput,
    @Nullable JsonNode posAttType,
    @Nullable Integer poolerHiddenSize,
    @Default("0") double poolerDropout,
    @Default("gelu") String poolerHiddenAct,
    @Nullable Double clsDropout,
    @Default("true") boolean legacy,
    @Nullable Integer attentionHeadSize,
    @Default("-1") int positionBuckets,
    @Default("false") boolean shareAttKey,
    @Default("none") String normRelEbd,
    @Default("0") int convKernelSize,
    @Default("1") int convGroups,
    @Default("tanh") String convAct)
    implements DebertaChoices {
  /** Checks what later code builds on. */
  DebertaV2Config {
    DebertaChoices.requirePooler(poolerHiddenSize, hiddenSize, poolerHiddenAct);
    Activation.named(convAct);
    if (convKernelSize < 0 || (convKernelSize > 0 && convKernelSize % 2 == 0)) {
      throw new IllegalArgumentException(
          "conv_kernel_size: expected 0 or an odd number, got " + convKernelSize);
    }
  }

  @Override
  public int headSize() {
    return attentionHeadSize == null ? bert().headSize() : attentionHeadSize;
  }

  @Override
  public DistanceBuckets distances() {
    return positionBuckets < 1
        ? DistanceBuckets.plain(farthest())
        : new DistanceBuckets(positionBuckets, positionBuckets, farthest());
  }

  /** Whether the vectors of distances are normalised. */
  boolean normedDistances() {
    return switch (normRelEbd.strip().toLowerCase(Locale.ROOT)) {
      case "none" -> false;
      case "layer_norm" -> true;
      default ->
          throw new IllegalArgumentException(
              "norm_rel_ebd: expected none or layer_norm, got " + normRelEbd);
    };
  }

  @Override
  public BertConfig bert() {
    return new BertConfig(
        vocabSize,
        hiddenSize,
        numHiddenLayers,
        numAttentionHeads,
        intermediateSize,
        hiddenAct,
        hiddenDropoutProb,
        attentionProbsDropoutProb,
        maxPositionEmbeddings,
        typeVocabSize,
        layerNormEps,
        padTokenId,
        Positions.ABSOLUTE,
        clsDropout);
  }
}
