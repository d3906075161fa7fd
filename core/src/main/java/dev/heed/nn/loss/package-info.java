/**
 * Losses: how far a prediction is from its target, as a number to descend.
 *
 * <p>A loss with options is a record; {@link dev.heed.tensor.LossReduction} says whether the losses
 * of single rows or elements stay, are summed or averaged. Results are part of the graph of
 * gradients and belong to the current scope. What LibTorch computes in one step stands in {@link
 * dev.heed.tensor.Loss}.
 */
@NullMarked
package dev.heed.nn.loss;

import org.jspecify.annotations.NullMarked;
