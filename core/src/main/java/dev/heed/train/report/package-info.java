/**
 * What is left of a training run to look at: a log of lines, and files for TensorBoard. A run that
 * goes on from a checkpoint takes back what was reported of the updates after it.
 */
@NullMarked
package dev.heed.train.report;

import org.jspecify.annotations.NullMarked;
