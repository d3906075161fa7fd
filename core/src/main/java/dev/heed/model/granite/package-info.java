/** Granite (IBM 2024): Llama with four multipliers, dense and as a mixture of experts. */
@NullMarked
package dev.heed.model.granite;

import org.jspecify.annotations.NullMarked;
