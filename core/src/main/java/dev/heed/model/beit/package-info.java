/**
 * BEiT (Bao et al. 2022): a Vision Transformer with biases by the places of two patches, trained to
 * name hidden patches.
 */
@NullMarked
package dev.heed.model.beit;

import org.jspecify.annotations.NullMarked;
