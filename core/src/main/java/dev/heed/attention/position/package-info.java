/**
 * Positions: how order enters attention, through the embeddings or through queries and keys.
 *
 * <p>Positions are counted from 0 unless a class says otherwise. The layout of rotated pairs is
 * always explicit: checkpoints disagree.
 */
@NullMarked
package dev.heed.attention.position;

import org.jspecify.annotations.NullMarked;
