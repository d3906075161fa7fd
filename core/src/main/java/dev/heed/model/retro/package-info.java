/**
 * RETRO: a decoder that reads retrieved neighbours chunk by chunk (Borgeaud et al. 2021).
 *
 * <p>Sequences are {@code [B, T, size]}; neighbours are {@code [B, chunks, neighbours, length]} ids
 * or {@code [..., size]} vectors; {@code true} in a mask means may attend.
 */
@NullMarked
package dev.heed.model.retro;

import org.jspecify.annotations.NullMarked;
