/**
 * Llama (Touvron et al. 2023): a decoder with rotary positions, RMS norms, gated feed-forward
 * networks and grouped key heads; and the families that differ from it by a switch.
 */
@NullMarked
package dev.heed.model.llama;

import org.jspecify.annotations.NullMarked;
