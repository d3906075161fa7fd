/**
 * RWKV-4 (Peng et al. 2023, "RWKV: Reinventing RNNs for the Transformer Era"): a decaying average
 * of values by channel in place of attention, and a feed-forward network that also reads the token
 * before.
 */
@NullMarked
package dev.heed.model.rwkv;

import org.jspecify.annotations.NullMarked;
