/**
 * ModernBERT (Warner et al. 2024): an encoder with rotary positions, gated feed-forward networks,
 * norms before its blocks, and layers that mostly look nearby.
 */
@NullMarked
package dev.heed.model.modernbert;

import org.jspecify.annotations.NullMarked;
