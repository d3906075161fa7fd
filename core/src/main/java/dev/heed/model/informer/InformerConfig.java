package dev.heed.model.informer;

import dev.heed.model.Default;
import dev.heed.model.Only;

/**
 * What an Informer's {@code config.json} says besides {@link dev.heed.model.forecast.SeriesConfig}.
 *
 * @param attentionType {@code prob} for {@link dev.heed.attention.sparse.ProbSparseAttention}
 *     within each half, {@code full} for exact attention
 * @param samplingFactor its factor
 * @param distil whether the encoder halves the sequence between its layers
 */
record InformerConfig(
    @Default("prob") @Only({"prob", "full"}) String attentionType,
    @Default("5") int samplingFactor,
    @Default("true") boolean distil) {
  boolean sparse() {
    return attentionType.equals("prob");
  }
}
