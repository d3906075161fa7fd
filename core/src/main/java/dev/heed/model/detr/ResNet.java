package dev.heed.model.detr;

import dev.heed.nn.Activation;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ResNet whose norms are frozen; gives the last stage's map. */
final class ResNet extends Module {
  private static final int FIRST = 7;

  private final Convolved first;
  private final List<Block> blocks = new ArrayList<>();
  private final Activation activation;

  ResNet(Weights weights, ResNetConfig config) {
    super(weights);
    activation = Activation.named(config.hiddenAct());
    first =
        new Convolved(
            weights.child("embedder.embedder"),
            config.numChannels(),
            config.embeddingSize(),
            FIRST,
            2);
    int in = config.embeddingSize();
    for (int stage = 0; stage < config.hiddenSizes().size(); stage++) {
      int out = config.hiddenSizes().get(stage);
      for (int i = 0; i < config.depths().get(stage); i++) {
        boolean halves = i == 0 && (stage > 0 || config.downsampleInFirstStage());
        blocks.add(
            new Block(
                weights.child("encoder.stages." + stage + ".layers", i),
                config,
                in,
                out,
                halves ? 2 : 1,
                activation));
        in = out;
      }
    }
  }

  /** {@code [B, channels, H, W]} to {@code [B, C, H / 32, W / 32]}. */
  Tensor apply(Tensor images) {
    return TensorScope.run(() -> {
      Tensor x = Convolution.maxPool2d(activation.apply(first.apply(images)), 3, 2, 1);
      for (Block block : blocks) {
        x = block.apply(x);
      }
      return x;
    });
  }

  /** A convolution and a norm by statistics that stay as they are. */
  private static final class Convolved extends Module {
    private static final double EPSILON = 1e-5;

    private final Tensor kernel;
    private final Tensor gain;
    private final Tensor shift;
    private final Tensor mean;
    private final Tensor variance;
    private final Geometry geometry;

    Convolved(Weights weights, long in, long out, int width, int stride) {
      super(weights);
      Initializer start = Initializer.normal(Math.sqrt(2.0 / (out * width * width)));
      // The backbone learns at most with a rate of its own; its norms never do.
      kernel = weights.child("convolution").parameter("weight", start, out, in, width, width);
      Weights norm = weights.child("normalization");
      gain = norm.buffer("weight", Initializer.ONES, out);
      shift = norm.buffer("bias", Initializer.ZEROS, out);
      mean = norm.buffer("running_mean", Initializer.ZEROS, out);
      variance = norm.buffer("running_var", Initializer.ONES, out);
      norm.ignore("num_batches_tracked");
      geometry = new Geometry(stride, width / 2, 1, 1);
    }

    Tensor apply(Tensor x) {
      Tensor scale = gain.mul(variance.add(EPSILON).rsqrt());
      Tensor moved = shift.sub(mean.mul(scale));
      return Convolution.conv2d(x, kernel, null, geometry)
          .mul(scale.view(1, scale.size(0), 1, 1))
          .add(moved.view(1, moved.size(0), 1, 1));
    }
  }

  /** Two or three convolutions beside a shortcut. */
  private static final class Block extends Module {
    private static final int REDUCTION = 4;

    private final List<Convolved> convolutions = new ArrayList<>();
    private final @Nullable Convolved shortcut;
    private final Activation activation;

    Block(
        Weights weights, ResNetConfig config, int in, int out, int stride, Activation activation) {
      super(weights);
      this.activation = activation;
      Weights layer = weights.child("layer");
      if (config.layerType().equals("basic")) {
        convolutions.add(new Convolved(layer.child("0"), in, out, 3, stride));
        convolutions.add(new Convolved(layer.child("1"), out, out, 3, 1));
      } else {
        int inner = out / REDUCTION;
        boolean early = config.downsampleInBottleneck();
        convolutions.add(new Convolved(layer.child("0"), in, inner, 1, early ? stride : 1));
        convolutions.add(new Convolved(layer.child("1"), inner, inner, 3, early ? 1 : stride));
        convolutions.add(new Convolved(layer.child("2"), inner, out, 1, 1));
      }
      shortcut =
          in != out || stride != 1
              ? new Convolved(weights.child("shortcut"), in, out, 1, stride)
              : null;
    }

    Tensor apply(Tensor x) {
      return TensorScope.run(() -> {
        Tensor y = x;
        for (int i = 0; i < convolutions.size(); i++) {
          y = convolutions.get(i).apply(y);
          if (i < convolutions.size() - 1) {
            y = activation.apply(y);
          }
        }
        return activation.apply(y.add(shortcut == null ? x : shortcut.apply(x)));
      });
    }
  }
}
