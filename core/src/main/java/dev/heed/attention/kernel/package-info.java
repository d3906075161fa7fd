/**
 * Exact attention, tile by tile: {@code softmax(modify(q·kᵀ·scale) over mask) · v} and its
 * gradients, in memory that grows with the length and not with its square.
 *
 * <p>Tiles are {@code [keys][queries]}: queries lie in vector lanes, so that maxima and sums of a
 * softmax never run across a vector, and K and V are read as they are. Scores are measured in
 * powers of two: {@code log2(e)} is part of the scale. Every result is the same, bit for bit, on
 * any number of threads: a task owns what it writes, and sums over tasks run in a fixed order.
 */
@NullMarked
package dev.heed.attention.kernel;

import org.jspecify.annotations.NullMarked;
