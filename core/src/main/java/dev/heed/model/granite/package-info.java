/**
 * Granite (IBM 2024, 2025): Llama with four multipliers, dense, as a mixture of experts, and with
 * Mamba 2 in most layers.
 */
@NullMarked
package dev.heed.model.granite;

import org.jspecify.annotations.NullMarked;
