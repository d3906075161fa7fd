/**
 * Whether vectors of words or texts hold associations that they should not, and what removes them.
 *
 * <p>Vectors are rows of {@code double[vectors][size]}, all of one size; nothing is changed in
 * place.
 */
@NullMarked
package dev.heed.explain.bias;

import org.jspecify.annotations.NullMarked;
