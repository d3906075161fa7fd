/**
 * Jamba (AI21 2024): Mamba, every few layers attention without positions, and every few layers a
 * mixture of experts.
 */
@NullMarked
package dev.heed.model.jamba;

import org.jspecify.annotations.NullMarked;
