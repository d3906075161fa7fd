package dev.heed.model.speechtotext;

import dev.heed.nn.Conv1d;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/** Convolutions with stride 2, each gated: {@code a ⊙ σ(b)} (Dauphin et al. 2017). */
final class Subsampler extends Module {
  private final List<Conv1d> convolutions = new ArrayList<>();

  Subsampler(Weights weights, SpeechToTextConfig config) {
    super(weights);
    int count = config.numConvLayers();
    long in = (long) config.inputFeatPerChannel() * config.inputChannels();
    for (int i = 0; i < count; i++) {
      int kernel = config.convKernelSizes().get(i);
      long out = i < count - 1 ? config.convChannels() : 2L * config.dModel();
      convolutions.add(
          new Conv1d(
              weights.child("conv_layers", i),
              in,
              out,
              kernel,
              new Geometry(2, kernel / 2, 1, 1),
              true));
      in = out / 2;
    }
  }

  /** {@code [B, frames, bands]} to {@code [B, T, H]}. */
  Tensor apply(Tensor frames) {
    return TensorScope.run(() -> {
      Tensor x = frames.transpose(1, 2);
      for (Conv1d convolution : convolutions) {
        Tensor both = convolution.apply(x);
        long half = both.size(1) / 2;
        x = both.narrow(1, 0, half).mul(both.narrow(1, half, half).sigmoid());
      }
      return x.transpose(1, 2);
    });
  }

  /**
   * Which of {@code time} states are there, bool {@code [B, T]}, for frames bool {@code [B, F]}.
   */
  Tensor keep(Tensor frames, long time) {
    return TensorScope.run(() -> {
      Tensor lengths = frames.to(DType.I64).sum(1, true);
      for (int i = 0; i < convolutions.size(); i++) {
        lengths = lengths.sub(1).floorDiv(2).add(1);
      }
      return Tensor.arange(time, DType.I64).unsqueeze(0).lt(lengths);
    });
  }
}
