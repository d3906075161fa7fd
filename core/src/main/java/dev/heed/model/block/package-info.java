/**
 * What Transformer layers are put together from: residual blocks around attention and feed-forward
 * networks, layers of such blocks, and stacks of layers.
 *
 * <p>Shapes: {@code B} sequences, {@code T} tokens, {@code H} hidden size.
 */
@NullMarked
package dev.heed.model.block;

import org.jspecify.annotations.NullMarked;
