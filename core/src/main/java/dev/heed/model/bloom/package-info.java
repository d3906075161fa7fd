/**
 * BLOOM (Scao et al. 2022): a decoder with ALiBi in place of positions, a norm right after the
 * embedding, and one map for each head's query, key and value.
 */
@NullMarked
package dev.heed.model.bloom;

import org.jspecify.annotations.NullMarked;
