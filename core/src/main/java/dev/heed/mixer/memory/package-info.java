/**
 * Attention that reads more than the sequence at hand: trained prefixes, memories of earlier
 * segments, compressed memories, retrieved neighbours.
 *
 * <p>Hidden states are {@code [B, T, size]}, oldest first; heads are {@code [B, H, T, head size]}.
 * Memories come from earlier segments and carry no gradient unless the caller hands in tensors that
 * do.
 */
@NullMarked
package dev.heed.mixer.memory;

import org.jspecify.annotations.NullMarked;
