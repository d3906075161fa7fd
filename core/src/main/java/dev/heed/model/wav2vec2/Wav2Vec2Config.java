package dev.heed.model.wav2vec2;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.nn.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a checkpoint of wav2vec 2.0 or a descendant, named as in its {@code
 * config.json}.
 *
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an {@link Activation} by its config name
 * @param hiddenDropout while training
 * @param activationDropout of inner values while training
 * @param attentionDropout of attention weights while training
 * @param featProjDropout of projected frames while training
 * @param layerNormEps positive
 * @param featExtractNorm {@code group}: one norm over time after the first convolution; {@code
 *     layer}: one over channels after each
 * @param featExtractActivation after each convolution
 * @param featProjLayerNorm whether frames are normalised before they are projected
 * @param convDim channels of each convolution
 * @param convStride steps of each
 * @param convKernel samples that each sees
 * @param convBias whether they have biases
 * @param numConvPosEmbeddings frames that the convolution in place of positions sees
 * @param numConvPosEmbeddingGroups its groups of channels
 * @param doStableLayerNorm whether norms stand before each part
 * @param adapterAttnDim inner size of a network at the end of each layer, which learns a language
 *     (MMS), or null for none
 * @param convPosBatchNorm whether frames are normalised over the batch before positions
 */
public record Wav2Vec2Config(
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double hiddenDropout,
    @Default("0.1") double activationDropout,
    @Default("0.1") double attentionDropout,
    @Default("0.0") double featProjDropout,
    @Default("1e-5") double layerNormEps,
    @Default("group") @Only({"group", "layer"}) String featExtractNorm,
    @Default("gelu") String featExtractActivation,
    @Default("true") boolean featProjLayerNorm,
    @Default("[512, 512, 512, 512, 512, 512, 512]") List<Integer> convDim,
    @Default("[5, 2, 2, 2, 2, 2, 2]") List<Integer> convStride,
    @Default("[10, 3, 3, 3, 3, 2, 2]") List<Integer> convKernel,
    @Default("false") boolean convBias,
    @Default("128") int numConvPosEmbeddings,
    @Default("16") int numConvPosEmbeddingGroups,
    @Default("false") boolean doStableLayerNorm,
    @Nullable Integer adapterAttnDim,
    @Default("false") boolean convPosBatchNorm) {
  /** Checks that each convolution has a size, a step and a kernel. */
  public Wav2Vec2Config {
    if (convDim.size() != convStride.size()
        || convDim.size() != convKernel.size()
        || convDim.isEmpty()) {
      throw new IllegalArgumentException(
          "conv_dim, conv_stride, conv_kernel: expected as many of each, got "
              + convDim
              + ", "
              + convStride
              + " and "
              + convKernel);
    }
  }

  int frameSize() {
    return convDim.getLast();
  }

  boolean normsOverTime() {
    return featExtractNorm.equals("group");
  }
}
