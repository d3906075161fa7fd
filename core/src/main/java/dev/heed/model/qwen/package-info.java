/**
 * Qwen 2 and 3 (Yang et al. 2024, 2025), dense and as mixtures of experts; Qwen3-Next and 3.5, most
 * of whose layers are gated delta nets.
 */
@NullMarked
package dev.heed.model.qwen;

import org.jspecify.annotations.NullMarked;
