/**
 * Nomic BERT (Nussbaum et al. 2024): BERT with rotary positions, gated feed-forward networks and no
 * biases.
 */
@NullMarked
package dev.heed.model.nomic;

import org.jspecify.annotations.NullMarked;
