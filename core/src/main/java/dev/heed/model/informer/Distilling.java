package dev.heed.model.informer;

import dev.heed.model.forecast.CircularConvolution;
import dev.heed.nn.BatchNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Halves a sequence between two layers: {@code maxpool(elu(norm(conv(x))))} with windows of three
 * steps, two apart (Zhou et al. 2021, equation 5).
 */
final class Distilling extends Module {
  private final CircularConvolution convolution;
  private final BatchNorm norm;

  /** With {@code downConv} and {@code norm}. */
  Distilling(Weights weights, long size) {
    super(weights);
    convolution = new CircularConvolution(weights.child("downConv"), size, size, true);
    norm = new BatchNorm(weights.child("norm"), size);
  }

  /** Maps {@code [B, T, H]} to {@code [B, ⌈T / 2⌉, H]}. */
  Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor mixed = norm.apply(convolution.apply(x.transpose(1, 2)), trace).elu();
      Tensor framed = mixed.pad(Double.NEGATIVE_INFINITY, 1, 1);
      return framed.unfold(2, 3, 2).max(-1, false).values().transpose(1, 2);
    });
  }
}
