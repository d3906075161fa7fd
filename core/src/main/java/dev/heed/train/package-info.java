/**
 * Training: how parameters learn.
 *
 * <p>A {@link dev.heed.train.Trainer} makes the updates of a run. {@link dev.heed.train.optim} says
 * what a step does to the parameters, {@link dev.heed.train.schedule} at which rate, {@link
 * dev.heed.train.data} on which examples. Losses stand in {@link dev.heed.nn.loss}, where models
 * reach them too.
 */
@NullMarked
package dev.heed.train;

import org.jspecify.annotations.NullMarked;
