package dev.heed.model.modernbert;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a ModernBERT checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, a multiple of the heads
 * @param intermediateSize inner size of the feed-forward part
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param hiddenActivation an activation by its config name
 * @param maxPositionEmbeddings the length trained on, which rotary scaling may need
 * @param normEps positive
 * @param normBias whether norms have biases
 * @param padTokenId the token whose embedding is not trained
 * @param globalRopeTheta base of the rotary positions of layers that see all
 * @param localRopeTheta the same of layers that see nearby tokens, or null for the same base
 * @param attentionBias whether attention's maps have biases
 * @param attentionDropout of weights while training
 * @param globalAttnEveryNLayers every how many layers one sees all, the first included
 * @param localAttention width of the window of the other layers
 * @param layerTypes {@code full_attention} or {@code sliding_attention} for each layer, or null for
 *     what {@code globalAttnEveryNLayers} says
 * @param embeddingDropout of the embeddings while training
 * @param mlpBias whether the feed-forward maps have biases
 * @param mlpDropout of inner values and results of the feed-forward part while training
 * @param decoderBias whether scores of words have a bias
 * @param classifierPooling what a sequence classifier reads
 * @param classifierDropout before a classifier
 * @param classifierBias whether the heads' dense map has a bias
 * @param classifierActivation of the heads
 * @param sparsePrediction whether scores are computed only where there are labels
 * @param sparsePredIgnoreIndex the label that stands for none
 * @param tieWordEmbeddings whether scores of words are computed by the token table
 */
public record ModernBertConfig(
    @Default("50368") int vocabSize,
    @Default("768") int hiddenSize,
    @Default("1152") int intermediateSize,
    @Default("22") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("gelu") String hiddenActivation,
    @Default("8192") int maxPositionEmbeddings,
    @Default("1e-5") double normEps,
    @Default("false") boolean normBias,
    @Default("50283") @Nullable Integer padTokenId,
    @Default("160000.0") double globalRopeTheta,
    @Default("10000.0") @Nullable Double localRopeTheta,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout,
    @Default("3") int globalAttnEveryNLayers,
    @Default("128") int localAttention,
    @Nullable List<LayerType> layerTypes,
    @Default("0.0") double embeddingDropout,
    @Default("false") boolean mlpBias,
    @Default("0.0") double mlpDropout,
    @Default("true") boolean decoderBias,
    @Default("cls") Pooling classifierPooling,
    @Default("0.0") double classifierDropout,
    @Default("false") boolean classifierBias,
    @Default("gelu") String classifierActivation,
    @Default("false") boolean sparsePrediction,
    @Default("-100") int sparsePredIgnoreIndex,
    @Default("true") boolean tieWordEmbeddings) {
  /** What a layer sees. */
  public enum LayerType {
    /** All tokens. */
    FULL_ATTENTION,
    /** Tokens nearby. */
    SLIDING_ATTENTION
  }

  /** What a sequence classifier reads. */
  public enum Pooling {
    /** The first token. */
    CLS,
    /** The mean of all tokens that are no padding. */
    MEAN
  }

  /** Checks what later code divides by. */
  public ModernBertConfig {
    if (numAttentionHeads < 1 || hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "hidden_size: expected a multiple of the "
              + numAttentionHeads
              + " heads, got "
              + hiddenSize);
    }
    if (globalAttnEveryNLayers < 1 || localAttention < 0) {
      throw new IllegalArgumentException(
          "global_attn_every_n_layers, local_attention: expected 1 or more and 0 or more, got "
              + globalAttnEveryNLayers
              + " and "
              + localAttention);
    }
    if (layerTypes != null && layerTypes.size() != numHiddenLayers) {
      throw new IllegalArgumentException(
          "layer_types: expected " + numHiddenLayers + ", got " + layerTypes.size());
    }
    Activation.named(hiddenActivation);
    Activation.named(classifierActivation);
  }

  LayerType type(int layer) {
    if (layerTypes != null) {
      return layerTypes.get(layer);
    }
    return layer % globalAttnEveryNLayers == 0
        ? LayerType.FULL_ATTENTION
        : LayerType.SLIDING_ATTENTION;
  }

  int headSize() {
    return hiddenSize / numAttentionHeads;
  }
}
