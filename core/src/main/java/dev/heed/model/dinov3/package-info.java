/**
 * DINOv3 (Siméoni et al. 2025): a Vision Transformer whose patches are turned by where they lie in
 * the image, for images of any size.
 */
@NullMarked
package dev.heed.model.dinov3;

import org.jspecify.annotations.NullMarked;
