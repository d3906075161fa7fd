package dev.heed.tensor;

/** How an {@link Engine} resizes grids {@code [B, C, H, W]}; {@link Interpolation} says what. */
interface ResizingOperators {
  Tensor bicubic(Tensor x, long height, long width, boolean alignCorners);

  Tensor bicubicByScale(Tensor x, double scaleHeight, double scaleWidth);

  Tensor bilinear(Tensor x, long height, long width, boolean alignCorners);
}
