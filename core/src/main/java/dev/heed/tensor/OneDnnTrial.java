package dev.heed.tensor;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The gradient of a small convolution by oneDNN beside LibTorch's own: three channels, which do not
 * fill a vector, so that the last block of each matrix is padded.
 *
 * <p>Straight on LibTorch, since it runs while Heed's engine is being set up.
 */
final class OneDnnTrial {
  /** Of values up to 4: far more than rounding, far less than a wrong block. */
  private static final double TOLERANCE = 0.01;

  private OneDnnTrial() {}

  /** Whether both agree; oneDNN is on afterwards. */
  static boolean agrees() {
    try (PointerScope scope = new PointerScope()) {
      torch.globalContext().setUserEnabledMkldnn(false);
      Tensor plain = gradient();
      torch.globalContext().setUserEnabledMkldnn(true);
      // A NaN is no agreement.
      return gradient().sub(plain).abs().max().item_double() <= TOLERANCE;
    }
  }

  /** That of the inputs {@code [2, 3, 5, 5]}, of kernels {@code [4, 3, 3, 3]}. */
  private static Tensor gradient() {
    Tensor y = waves(72).reshape(2, 4, 3, 3);
    Tensor x = waves(150).reshape(2, 3, 5, 5);
    Tensor weight = waves(108).reshape(4, 3, 3, 3);
    long[] ones = {1, 1};
    long[] zeros = {0, 0};
    return torch
        .convolution_backward(
            y,
            x,
            weight,
            new LongArrayRefOptional(),
            ones,
            zeros,
            ones,
            false,
            zeros,
            1,
            new BoolPointer(3).put(0, true).put(1, true).put(2, false))
        .get0();
  }

  private static Tensor waves(int count) {
    return torch.arange(new Scalar((float) count)).sin();
  }
}
