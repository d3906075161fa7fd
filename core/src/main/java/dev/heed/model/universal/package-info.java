/**
 * The Universal Transformer: one layer applied again and again, with or without adaptive halting
 * (Dehghani et al. 2018).
 *
 * <p>Sequences are {@code [B, T, size]}. Where the public implementation departs from the paper,
 * the paper is the default and the departure an option with its name.
 */
@NullMarked
package dev.heed.model.universal;

import org.jspecify.annotations.NullMarked;
