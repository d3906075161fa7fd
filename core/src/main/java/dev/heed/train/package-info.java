/**
 * Training: how parameters learn.
 *
 * <p>{@link dev.heed.train.optim} says what a step does to the parameters, {@link
 * dev.heed.train.schedule} at which rate. Losses stand in {@link dev.heed.nn.loss}, where models
 * reach them too.
 */
@NullMarked
package dev.heed.train;

import org.jspecify.annotations.NullMarked;
