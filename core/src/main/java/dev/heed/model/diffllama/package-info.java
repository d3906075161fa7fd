/** DiffLlama: Llama with differential attention (Ye et al. 2024). */
@NullMarked
package dev.heed.model.diffllama;

import org.jspecify.annotations.NullMarked;
