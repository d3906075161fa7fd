/**
 * Loops over arrays and memory, by vectors where there are any: what the Java engine computes with,
 * and the threads that it shares with the attention kernel.
 *
 * <p>For Heed's own packages: programs use {@link dev.heed.tensor}.
 */
@NullMarked
package dev.heed.tensor.kernel;

import org.jspecify.annotations.NullMarked;
