package dev.heed.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.global.torch;

/** Resizing, by LibTorch. */
interface LibTorchResizing extends ResizingOperators {
  @Override
  default Tensor bicubic(Tensor x, long height, long width, boolean alignCorners) {
    return Native.op(
        "upsample_bicubic2d",
        x,
        h -> torch.upsample_bicubic2d(h, new long[] {height, width}, alignCorners));
  }

  @Override
  default Tensor bicubicByScale(Tensor x, double scaleHeight, double scaleWidth) {
    long height = (long) Math.floor(x.size(2) * scaleHeight);
    long width = (long) Math.floor(x.size(3) * scaleWidth);
    return Native.op(
        "upsample_bicubic2d",
        x,
        h -> {
          try (DoubleOptional rows = new DoubleOptional(scaleHeight);
              DoubleOptional columns = new DoubleOptional(scaleWidth)) {
            return torch.upsample_bicubic2d(h, new long[] {height, width}, false, rows, columns);
          }
        });
  }

  @Override
  default Tensor bilinear(Tensor x, long height, long width, boolean alignCorners) {
    return Native.op(
        "upsample_bilinear2d",
        x,
        h -> torch.upsample_bilinear2d(h, new long[] {height, width}, alignCorners));
  }
}
