/**
 * What a model attends to: maps, and what they say of the inputs when layers are put together.
 *
 * <p>Attention of a whole model is {@code [layers, heads, tokens, tokens]}, queries before keys,
 * the first layer first.
 */
@NullMarked
package dev.heed.explain;

import org.jspecify.annotations.NullMarked;
