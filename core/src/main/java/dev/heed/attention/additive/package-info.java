/**
 * Attention by learned alignment, as recurrent translators use it: Bahdanau's additive attention
 * and Luong's global and local attention, with the encoders and decoders around them.
 *
 * <p>Queries are {@code [B, Tq, size]}, sources {@code [B, S, size]}, scores and weights {@code [B,
 * Tq, S]}; a mask is {@code true} where a query may look. A row with nothing to look at gives
 * zeros.
 */
@NullMarked
package dev.heed.attention.additive;

import org.jspecify.annotations.NullMarked;
