/**
 * Moonshine (Jeffries et al. 2024): convolutions over samples, rotary positions in both halves, a
 * gated decoder; as long as the sound, not as long as a window.
 */
@NullMarked
package dev.heed.model.moonshine;

import org.jspecify.annotations.NullMarked;
