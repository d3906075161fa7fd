/**
 * Falcon-H1 (TII 2025): attention and Mamba 2 side by side in every layer, with fixed multipliers
 * everywhere.
 */
@NullMarked
package dev.heed.model.falconh1;

import org.jspecify.annotations.NullMarked;
