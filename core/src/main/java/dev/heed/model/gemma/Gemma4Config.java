package dev.heed.model.gemma;

import dev.heed.attention.HeadSizes;
import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.Only;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a Gemma 4 config of text.
 *
 * @param globalHeadDim head size of layers that see all tokens, or null for that of the others
 * @param numGlobalKeyValueHeads key heads of those layers where keys are values too
 * @param attentionKEqV whether keys of those layers are values too, before their norms
 * @param vocabSizePerLayerInput rows of the table that gives each layer inputs of its own
 * @param hiddenSizePerLayerInput size of a layer's own inputs, or null or 0 for none
 * @param numKvSharedLayers last layers that read keys and values of earlier ones
 * @param useDoubleWideMlp whether the feed-forward networks of those are twice as wide
 * @param enableMoeBlock whether experts stand beside each feed-forward network
 */
record Gemma4Config(
    @Default("262144") int vocabSize,
    @Default("2304") int hiddenSize,
    @Default("9216") int intermediateSize,
    @Default("30") int numHiddenLayers,
    @Default("8") int numAttentionHeads,
    @Default("4") @Nullable Integer numKeyValueHeads,
    @Default("256") @Nullable Integer headDim,
    @Default("512") @Nullable Integer globalHeadDim,
    @Nullable Integer numGlobalKeyValueHeads,
    @Default("false") boolean attentionKEqV,
    @Default("gelu_pytorch_tanh") String hiddenActivation,
    @Default("131072") int maxPositionEmbeddings,
    @Default("1e-6") double rmsNormEps,
    @Default("true") boolean tieWordEmbeddings,
    @Default("512") @Nullable Integer slidingWindow,
    @Nullable Double finalLogitSoftcapping,
    @Default("262144") int vocabSizePerLayerInput,
    @Default("256") @Nullable Integer hiddenSizePerLayerInput,
    @Default("0") int numKvSharedLayers,
    @Default("false") boolean useDoubleWideMlp,
    @Default("false") boolean enableMoeBlock,
    @Nullable Integer numExperts,
    @Nullable Integer topKExperts,
    @Nullable Integer moeIntermediateSize,
    @Only({"vision", "null"}) @Nullable String useBidirectionalAttention,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout)
    implements DecoderSizes {
  /** Checks what later code counts on. */
  Gemma4Config {
    if (numKvSharedLayers < 0 || numKvSharedLayers > numHiddenLayers) {
      throw new IllegalArgumentException(
          "num_kv_shared_layers: expected from 0 to "
              + numHiddenLayers
              + " layers, got "
              + numKvSharedLayers);
    }
    boolean experts = numExperts != null && topKExperts != null && moeIntermediateSize != null;
    if (enableMoeBlock && !experts) {
      throw new IllegalArgumentException(
          "enable_moe_block: expected num_experts, top_k_experts and moe_intermediate_size beside"
              + " it, got none of one of them");
    }
  }

  @Override
  public String hiddenAct() {
    return hiddenActivation;
  }

  /** The sizes of a layer's attention. */
  HeadSizes heads(LayerType type) {
    if (type != LayerType.FULL) {
      return heads();
    }
    HeadSizes plain = heads();
    Integer global = attentionKEqV ? numGlobalKeyValueHeads : null;
    return new HeadSizes(
        hiddenSize,
        numAttentionHeads,
        global == null ? plain.keyHeads() : global,
        globalHeadDim == null || globalHeadDim == 0 ? plain.headSize() : globalHeadDim);
  }

  /** The first layer that reads keys and values of an earlier one. */
  int firstShared() {
    return numHiddenLayers - numKvSharedLayers;
  }

  /** The size of a layer's own inputs, 0 for none. */
  int perLayer() {
    return hiddenSizePerLayerInput == null ? 0 : hiddenSizePerLayerInput;
  }
}
