/**
 * BART (Lewis et al. 2020) and the encoder-decoders that were written in the same tradition: mBART,
 * Pegasus, Marian, M2M-100 and NLLB. Their layers have the same parts under the same names; norms
 * stand before or after, positions are learned or fixed.
 */
@NullMarked
package dev.heed.model.bart;

import org.jspecify.annotations.NullMarked;
