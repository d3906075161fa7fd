/**
 * Zamba2 (Zyphra 2024): Mamba 2, and every few layers one of a few shared Transformer blocks that
 * read the embeddings beside the states, with a term of low rank for each use.
 */
@NullMarked
package dev.heed.model.zamba;

import org.jspecify.annotations.NullMarked;
