/** EuroBERT (Boizard et al. 2025): Llama's layers that see in both directions. */
@NullMarked
package dev.heed.model.eurobert;

import org.jspecify.annotations.NullMarked;
