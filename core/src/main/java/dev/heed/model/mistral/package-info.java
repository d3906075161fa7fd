/** Mistral (Jiang et al. 2023): Llama with a sliding window; Mixtral, its mixture of experts. */
@NullMarked
package dev.heed.model.mistral;

import org.jspecify.annotations.NullMarked;
