package dev.heed.model.mixer;

import dev.heed.model.Default;

/**
 * What the config of a language model of any mixer says.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, the size of a token's vector
 * @param intermediateSize inner size of the feed-forward part
 * @param numHiddenLayers how many layers
 * @param numAttentionHeads heads of each layer, where its mixer has any; a divisor of H
 * @param maxPositionEmbeddings the longest text
 * @param mixer a name of the catalogue, for example {@code gru}, that can look back only
 * @param mixerWindow tokens that a window spans
 * @param mixerBlock tokens a block
 * @param mixerFeatures random features, landmarks
 * @param mixerState numbers of state a channel
 * @param mixerSeed of what a mixer draws once
 * @param learnedPositions whether a learned vector for each place is added, as in GPT-2
 * @param hiddenAct the feed-forward part's activation
 * @param hiddenDropout of each block's result and of the embeddings
 * @param layerNormEps of the norms
 * @param tieWordEmbeddings whether the token table also scores the vocabulary
 */
record MixerConfig(
    @Default("32000") int vocabSize,
    @Default("512") int hiddenSize,
    @Default("2048") int intermediateSize,
    @Default("6") int numHiddenLayers,
    @Default("8") int numAttentionHeads,
    @Default("1024") int maxPositionEmbeddings,
    @Default("causal-attention") String mixer,
    @Default("128") int mixerWindow,
    @Default("64") int mixerBlock,
    @Default("64") int mixerFeatures,
    @Default("16") int mixerState,
    @Default("1") long mixerSeed,
    @Default("true") boolean learnedPositions,
    @Default("gelu_new") String hiddenAct,
    @Default("0.0") double hiddenDropout,
    @Default("1e-5") double layerNormEps,
    @Default("true") boolean tieWordEmbeddings) {}
