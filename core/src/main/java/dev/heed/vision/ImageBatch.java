package dev.heed.vision;

import dev.heed.tensor.Tensor;

/**
 * Images as a model takes them.
 *
 * @param pixelValues {@code f32[B, 3, H, W]}
 * @param pixelMask {@code i64[B, H, W]}: 1 where an image is, 0 where its batch made it larger; all
 *     1 where nothing was padded
 */
public record ImageBatch(Tensor pixelValues, Tensor pixelMask) {}
