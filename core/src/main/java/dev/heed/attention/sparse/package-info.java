/**
 * Attention to some of the keys only: fixed patterns, windows with global tokens, hashed buckets.
 *
 * <p>A pattern that does not depend on content is an {@link dev.heed.attention.mask.AttentionMask}
 * for the exact kernel; the other mechanisms stand here as they are.
 */
@NullMarked
package dev.heed.attention.sparse;

import org.jspecify.annotations.NullMarked;
