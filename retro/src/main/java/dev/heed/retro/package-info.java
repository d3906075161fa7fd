/**
 * RETRO's datastore: chunks of tokens, found by the distance of their keys (Borgeaud et al. 2021).
 *
 * <p>Keys are vectors that a frozen encoder gives a chunk; a {@link dev.heed.vector.VectorStore}
 * finds the nearest. What is found goes to {@link dev.heed.model.retro.Retro} as {@code [B, chunks,
 * neighbours, length]} ids.
 */
@NullMarked
package dev.heed.retro;

import org.jspecify.annotations.NullMarked;
