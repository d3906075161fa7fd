/**
 * Llama 4 (Meta 2025): chunks with rotary positions, layers without any, experts weighted in what
 * they are given.
 */
@NullMarked
package dev.heed.model.llama4;

import org.jspecify.annotations.NullMarked;
