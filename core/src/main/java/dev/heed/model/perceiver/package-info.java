/**
 * Perceiver IO (Jaegle et al. 2022): a few latent vectors read a long input, think among
 * themselves, and are read by queries for each output.
 */
@NullMarked
package dev.heed.model.perceiver;

import org.jspecify.annotations.NullMarked;
