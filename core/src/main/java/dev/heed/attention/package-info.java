/**
 * Attention: {@code softmax(score(q, k) over what the mask allows) · v}, and what reads sequences
 * in other ways.
 *
 * <p>Layout {@code [batch, heads, time, head size]}. A mask's {@code true} means "may attend"; a
 * query without keys gets zeros. Scores are before the softmax, weights after it; dropout acts on
 * weights. What one call asks for besides its tensors travels in an {@link
 * dev.heed.attention.AttentionRequest}; results belong to the caller's scope.
 *
 * {@snippet :
 * AttentionOutput seen =
 *     new ScaledDotProduct()
 *         .apply(q, k, v, AttentionRequest.of(AttentionMask.causal()).withWeights());
 * Tensor weights = seen.requireWeights(); // [B, H, Tq, Tk], rows sum to one
 * }
 */
@NullMarked
package dev.heed.attention;

import org.jspecify.annotations.NullMarked;
