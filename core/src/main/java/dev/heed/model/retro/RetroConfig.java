package dev.heed.model.retro;

import java.util.Set;

/**
 * The sizes of a RETRO model.
 *
 * @param vocabulary tokens
 * @param encoderSize of the token vectors and of the neighbour encoder
 * @param decoderSize of the decoder's hidden states
 * @param encoderLayers how many
 * @param decoderLayers how many
 * @param crossLayers the decoder layers, from 1, that read the neighbours
 * @param heads of every attention
 * @param headSize of each head
 * @param rotarySize features of a head that are rotated, even
 * @param chunk tokens a chunk
 * @param longest sequence that has positions
 * @param padding the token that fills up neighbours
 * @param firstQueryOnly see {@link ChunkedCrossAttention}
 */
public record RetroConfig(
    int vocabulary,
    int encoderSize,
    int decoderSize,
    int encoderLayers,
    int decoderLayers,
    Set<Integer> crossLayers,
    int heads,
    int headSize,
    int rotarySize,
    int chunk,
    int longest,
    int padding,
    boolean firstQueryOnly) {}
