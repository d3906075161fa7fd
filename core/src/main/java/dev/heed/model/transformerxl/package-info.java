/**
 * Transformer-XL: a language model with a memory of earlier segments and a vocabulary in clusters
 * (Dai et al. 2019).
 */
@NullMarked
package dev.heed.model.transformerxl;

import org.jspecify.annotations.NullMarked;
