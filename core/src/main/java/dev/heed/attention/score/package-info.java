/**
 * How scores are changed before the softmax, as values that compose.
 *
 * <p>A modifier is one function of {@code (batch, head, query, key, score)}; everything else it
 * offers is the same function, faster or differentiated.
 */
@NullMarked
package dev.heed.attention.score;

import org.jspecify.annotations.NullMarked;
