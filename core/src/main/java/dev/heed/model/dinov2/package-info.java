/**
 * DINOv2 (Oquab et al. 2024), also with register tokens (Darcet et al. 2024): a Vision Transformer
 * whose branches are scaled, for images of any size.
 */
@NullMarked
package dev.heed.model.dinov2;

import org.jspecify.annotations.NullMarked;
