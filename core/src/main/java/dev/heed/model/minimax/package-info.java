/**
 * MiniMax-Text-01 (MiniMax 2025): lightning attention, every few layers softmax attention, and a
 * mixture of experts in each.
 */
@NullMarked
package dev.heed.model.minimax;

import org.jspecify.annotations.NullMarked;
