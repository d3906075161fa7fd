/** Apertus (Swiss AI 2025): norms of queries and keys, learned xIELU activations. */
@NullMarked
package dev.heed.model.apertus;

import org.jspecify.annotations.NullMarked;
