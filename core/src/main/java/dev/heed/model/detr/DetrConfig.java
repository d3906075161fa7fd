package dev.heed.model.detr;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.nn.Activation;

/**
 * The sizes and choices of a DETR checkpoint besides its backbone's and its loss's, named as in its
 * {@code config.json}.
 *
 * @param numQueries objects that may be found
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
 * @param positionEmbeddingType {@code sine} or {@code learned}
 * @param dilation whether the backbone's last stage keeps the map's size
 */
record DetrConfig(
    @Default("100") int numQueries,
    @Default("6") int encoderLayers,
    @Default("2048") int encoderFfnDim,
    @Default("8") int encoderAttentionHeads,
    @Default("6") int decoderLayers,
    @Default("2048") int decoderFfnDim,
    @Default("8") int decoderAttentionHeads,
    @Default("relu") String activationFunction,
    @Default("256") int dModel,
    @Default("0.1") double dropout,
    @Default("0.0") double attentionDropout,
    @Default("0.0") double activationDropout,
    @Default("sine") @Only({"sine", "learned"}) String positionEmbeddingType,
    @Default("false") @Only("false") boolean dilation) {}
