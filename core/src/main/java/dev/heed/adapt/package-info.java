/**
 * What adapts a trained model by few new parameters: low-rank updates, trained prefixes.
 *
 * <p>A low-rank update leaves the map frozen and learns a product of two thin matrices beside it:
 * {@code lora_A} and {@code lora_B} lie beside the adapted {@code weight}, {@code lora_B} starts at
 * zero, so that an adapted module starts as the module it adapts, and the update is multiplied by
 * {@code α / r}. A prefix is keys and values, trained, that each layer reads before its own. Names
 * and folders are those of peft.
 */
@NullMarked
package dev.heed.adapt;

import org.jspecify.annotations.NullMarked;
