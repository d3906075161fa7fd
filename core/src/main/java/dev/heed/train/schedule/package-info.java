/**
 * Learning-rate schedules: the rate of each step as a function of its number.
 *
 * <p>A {@link dev.heed.train.schedule.Schedule} has no state, so that resuming needs nothing but
 * the number of the step. t is that number from 0, η the group's own rate. Names and conventions
 * are those of PyTorch and Hugging Face's transformers; warm-up of the latter starts at a rate of
 * exactly 0.
 */
@NullMarked
package dev.heed.train.schedule;

import org.jspecify.annotations.NullMarked;
