/**
 * Every self-attention and every peer of it by name, so that any layer of any model can swap one
 * for another.
 *
 * <pre>{@code
 * SequenceMixer mixer =
 *     MixerCatalogue.named("mamba").build(weights.child("mixer"), MixerShape.of(64, 4, 512).asCausal());
 * Tensor mixed = mixer.apply(x, AttentionRequest.plain()).output(); // [B, T, 64]
 * }</pre>
 */
@NullMarked
package dev.heed.mixer.catalogue;

import org.jspecify.annotations.NullMarked;
