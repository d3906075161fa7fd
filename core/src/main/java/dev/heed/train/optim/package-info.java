/**
 * Optimisers: what becomes of parameters when their gradients are known.
 *
 * <p>An {@link dev.heed.train.optim.UpdateRule} is a value, a record of options such as {@link
 * dev.heed.train.optim.AdamW}; an {@link dev.heed.train.optim.Optimizer} holds the parameters, in
 * {@linkplain dev.heed.train.optim.ParameterGroup groups}, and the state that a rule keeps for
 * them.
 *
 * <p>A step is one pass over memory: blocks of a parameter, its gradient and its state are read,
 * computed on in double precision and rounded once when they are written, whatever type they are
 * stored in. Each block is computed by itself and sums are taken in a fixed order, so that the bits
 * do not depend on how many threads share the work.
 *
 * {@snippet :
 * List<ParameterGroup> groups =
 *     ParameterGroup.decayAllBut(model.trainable(), new AdamW(0.1), 3e-4, "bias", "*norm*.weight");
 * try (Optimizer optimizer = new Optimizer(groups)) {
 *   Clipping clipping = Clip.norm(1.0).measure(gradients.values());
 *   optimizer.step(gradients, clipping, Schedule.linear(100, 1000));
 * }
 * }
 *
 * <p>In formulas p is a parameter, g its gradient, t the number of the step from 1, η the learning
 * rate, λ the weight decay; m and v are running means of g and g².
 */
@NullMarked
package dev.heed.train.optim;

import org.jspecify.annotations.NullMarked;
