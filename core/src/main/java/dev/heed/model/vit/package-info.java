/**
 * The Vision Transformer: an image as a sequence of patches (Dosovitskiy et al. 2020).
 *
 * <p>Images are {@code [B, C, height, width]}; sequences {@code [B, 1 + patches, size]} begin with
 * the class token, and patches run row by row.
 */
@NullMarked
package dev.heed.model.vit;

import org.jspecify.annotations.NullMarked;
