/**
 * ViT-MAE (He et al. 2022): a Vision Transformer that reads a quarter of an image's patches, and a
 * small one that paints the others.
 */
@NullMarked
package dev.heed.model.vitmae;

import org.jspecify.annotations.NullMarked;
