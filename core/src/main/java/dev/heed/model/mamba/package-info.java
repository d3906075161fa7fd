/**
 * Mamba (Gu and Dao 2023) and Mamba 2 (Dao and Gu 2024): layers of state spaces, without attention
 * and without feed-forward networks.
 */
@NullMarked
package dev.heed.model.mamba;

import org.jspecify.annotations.NullMarked;
