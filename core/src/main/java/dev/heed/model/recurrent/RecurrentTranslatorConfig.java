package dev.heed.model.recurrent;

import dev.heed.model.Default;

/**
 * The sizes and choices of a recurrent translator, named as in its {@code config.json}.
 *
 * @param vocabSize tokens of what is read and of what is written, in a table each
 * @param hiddenSize H, of a token's vector and of a state
 * @param numLayers recurrent layers of the encoder and of the decoder
 * @param attention {@code bahdanau}: additive, from the state before; {@code luong}: general, from
 *     the state now, fed into the next step
 * @param padTokenId padding
 * @param decoderStartTokenId what a decoder starts with
 */
record RecurrentTranslatorConfig(
    @Default("6000") int vocabSize,
    @Default("128") int hiddenSize,
    @Default("1") int numLayers,
    @Default("bahdanau") String attention,
    @Default("0") int padTokenId,
    @Default("0") int decoderStartTokenId) {}
