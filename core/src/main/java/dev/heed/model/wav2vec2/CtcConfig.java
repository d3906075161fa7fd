package dev.heed.model.wav2vec2;

import dev.heed.model.Default;
import dev.heed.model.Only;

/**
 * What a config says about letters.
 *
 * @param vocabSize letters
 * @param padTokenId the class of no letter
 * @param ctcLossReduction {@code sum} or {@code mean}
 * @param ctcZeroInfinity whether texts too long for their sound count nothing
 * @param finalDropout before the letters, while training
 */
record CtcConfig(
    @Default("32") int vocabSize,
    @Default("0") int padTokenId,
    @Default("sum") @Only({"sum", "mean"}) String ctcLossReduction,
    @Default("false") boolean ctcZeroInfinity,
    @Default("0.1") double finalDropout) {}
