package dev.heed.model.speechtotext;

import dev.heed.model.Default;
import dev.heed.model.bart.BartLayer;
import dev.heed.nn.Activation;
import java.util.List;

/**
 * The sizes and choices of a Speech2Text checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param encoderLayers layers of the encoder
 * @param encoderFfnDim inner size of its feed-forward part
 * @param encoderAttentionHeads heads of its layers
 * @param decoderLayers layers of the decoder
 * @param decoderFfnDim inner size of its feed-forward part
 * @param decoderAttentionHeads heads of its layers
 * @param activationFunction an {@link Activation} by its config name
 * @param dModel H
 * @param dropout while training
 * @param attentionDropout of attention weights while training
 * @param activationDropout of inner values while training
 * @param decoderStartTokenId what a decoder starts with
 * @param scaleEmbedding whether vectors are multiplied by √H
 * @param padTokenId padding, whose vector is not trained
 * @param numConvLayers convolutions in front
 * @param convKernelSizes their kernels
 * @param convChannels channels between them, before gating
 * @param inputFeatPerChannel filter banks of a frame
 * @param inputChannels channels of a frame
 * @param tieWordEmbeddings whether the output map is the token table
 */
record SpeechToTextConfig(
    @Default("10000") int vocabSize,
    @Default("12") int encoderLayers,
    @Default("2048") int encoderFfnDim,
    @Default("4") int encoderAttentionHeads,
    @Default("6") int decoderLayers,
    @Default("2048") int decoderFfnDim,
    @Default("4") int decoderAttentionHeads,
    @Default("relu") String activationFunction,
    @Default("256") int dModel,
    @Default("0.1") double dropout,
    @Default("0.0") double attentionDropout,
    @Default("0.0") double activationDropout,
    @Default("2") int decoderStartTokenId,
    @Default("true") boolean scaleEmbedding,
    @Default("1") int padTokenId,
    @Default("2") int numConvLayers,
    @Default("[5, 5]") List<Integer> convKernelSizes,
    @Default("1024") int convChannels,
    @Default("80") int inputFeatPerChannel,
    @Default("1") int inputChannels,
    @Default("true") boolean tieWordEmbeddings) {
  /** Checks that there is a kernel for each convolution. */
  SpeechToTextConfig {
    if (convKernelSizes.size() != numConvLayers) {
      throw new IllegalArgumentException(
          "conv_kernel_sizes: expected "
              + numConvLayers
              + " as num_conv_layers says, got "
              + convKernelSizes);
    }
  }

  double scale() {
    return scaleEmbedding ? Math.sqrt(dModel) : 1;
  }

  BartLayer layer(boolean decoder) {
    return new BartLayer(
        dModel,
        decoder ? decoderAttentionHeads : encoderAttentionHeads,
        decoder ? decoderFfnDim : encoderFfnDim,
        Activation.named(activationFunction),
        dropout,
        attentionDropout,
        activationDropout,
        true,
        true,
        true);
  }
}
