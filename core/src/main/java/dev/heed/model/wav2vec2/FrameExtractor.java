package dev.heed.model.wav2vec2;

import dev.heed.nn.Activation;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Convolutions over samples, each followed by an activation, some by a norm. */
final class FrameExtractor extends Module {
  private static final double EPSILON = 1e-5;

  private final List<Layer> layers = new ArrayList<>();
  private final Activation activation;
  private final Wav2Vec2Config config;

  private record Layer(Conv1d convolution, @Nullable Tensor gain, @Nullable Tensor shift) {}

  FrameExtractor(Weights weights, Wav2Vec2Config config) {
    super(weights);
    this.config = config;
    activation = Activation.named(config.featExtractActivation());
    long in = 1;
    for (int i = 0; i < config.convDim().size(); i++) {
      Weights own = weights.child("conv_layers", i);
      long out = config.convDim().get(i);
      boolean normed = i == 0 || !config.normsOverTime();
      Weights norm = own.child("layer_norm");
      layers.add(
          new Layer(
              new Conv1d(
                  own.child("conv"),
                  in,
                  out,
                  config.convKernel().get(i),
                  new Geometry(config.convStride().get(i), 0, 1, 1),
                  config.convBias()),
              normed ? norm.parameter("weight", Initializer.ONES, out) : null,
              normed ? norm.parameter("bias", Initializer.ZEROS, out) : null));
      in = out;
    }
  }

  /** {@code [B, samples]} to {@code [B, frames, C]}. */
  Tensor apply(Tensor samples) {
    long fewest = 1;
    for (int i = config.convKernel().size() - 1; i >= 0; i--) {
      fewest = (fewest - 1) * config.convStride().get(i) + config.convKernel().get(i);
    }
    if (samples.rank() != 2 || samples.size(1) < fewest) {
      throw new ShapeException(
          "input_values: expected [B, "
              + fewest
              + " samples or more], got "
              + samples.describe()
              + "; fill up a shorter sound with zeros");
    }
    return TensorScope.run(() -> {
      Tensor x = samples.unsqueeze(1);
      for (Layer layer : layers) {
        x = activation.apply(normed(layer.convolution().apply(x), layer));
      }
      return x.transpose(1, 2);
    });
  }

  private Tensor normed(Tensor x, Layer layer) {
    Tensor gain = layer.gain();
    if (gain == null) {
      return x;
    }
    Tensor shift = layer.shift();
    if (!config.normsOverTime()) {
      return x.transpose(1, 2).layerNorm(gain, shift, EPSILON).transpose(1, 2);
    }
    // Each channel is a group of its own.
    Tensor over = x.layerNorm(null, null, EPSILON).mul(gain.unsqueeze(-1));
    return shift == null ? over : over.add(shift.unsqueeze(-1));
  }

  /** How many frames come of so many samples, i64 of the same shape. */
  Tensor frames(Tensor samples) {
    Tensor count = samples;
    for (int i = 0; i < config.convKernel().size(); i++) {
      count = count.sub(config.convKernel().get(i)).floorDiv(config.convStride().get(i)).add(1);
    }
    return count;
  }
}
