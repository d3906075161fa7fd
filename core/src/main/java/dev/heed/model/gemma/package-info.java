/**
 * Gemma 1 to 4 (Gemma Team 2024, 2025): scaled embeddings, norms around one, windows, capped
 * scores.
 */
@NullMarked
package dev.heed.model.gemma;

import org.jspecify.annotations.NullMarked;
