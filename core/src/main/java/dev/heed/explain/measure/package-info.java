/**
 * What attention maps, hidden states and predictions say by themselves: functions of tensors, with
 * no model.
 *
 * <p>Attention is {@code [layers, batch, heads, queries, keys]}, layers, heads and positions count
 * from 0.
 */
@NullMarked
package dev.heed.explain.measure;

import org.jspecify.annotations.NullMarked;
