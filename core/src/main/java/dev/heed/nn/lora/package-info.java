/**
 * Low-rank adaptation: a frozen map learns by a product of two thin matrices beside it.
 *
 * <p>Parameters are named {@code lora_A} and {@code lora_B} beside the adapted {@code weight}, as
 * in the authors' library. {@code lora_B} starts at zero, so that an adapted module starts as the
 * module it adapts. The update is multiplied by {@code α / r}.
 */
@NullMarked
package dev.heed.nn.lora;

import org.jspecify.annotations.NullMarked;
