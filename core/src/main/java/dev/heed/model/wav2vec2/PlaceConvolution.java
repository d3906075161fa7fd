package dev.heed.model.wav2vec2;

import dev.heed.nn.Activation;
import dev.heed.nn.BatchNorm;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * A grouped convolution over frames in place of positions (Baevski et al. 2020, section 2), whose
 * weight is a direction and a length for each frame that it sees; HuBERT may normalise its frames
 * over the batch instead.
 */
final class PlaceConvolution extends Module {
  private final Tensor direction;
  private final @Nullable Tensor length;
  private final @Nullable Tensor bias;
  private final @Nullable BatchNorm norm;
  private final Geometry geometry;
  private final Activation activation;

  /**
   * With {@code conv.weight_v}, {@code conv.weight_g} and {@code conv.bias}.
   *
   * @param stride frames from one result to the next
   */
  PlaceConvolution(Weights weights, Wav2Vec2Config config, int stride) {
    super(weights);
    Weights own = weights.child("conv");
    long size = config.hiddenSize();
    long width = config.numConvPosEmbeddings();
    int groups = config.numConvPosEmbeddingGroups();
    Initializer small = Initializer.normal(2 * Math.sqrt(1.0 / (width * size)));
    boolean normed = config.convPosBatchNorm();
    direction = own.parameter(normed ? "weight" : "weight_v", small, size, size / groups, width);
    length = normed ? null : own.parameter("weight_g", Initializer.ONES, 1, 1, width);
    bias = own.parameter("bias", Initializer.ZEROS, size);
    norm = normed ? new BatchNorm(weights.child("batch_norm"), size) : null;
    geometry = new Geometry(stride, width / 2, 1, groups);
    activation = Activation.named(config.featExtractActivation());
  }

  /** {@code [B, T, H]} to {@code [B, about T / stride, H]}. */
  Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor frames = x.transpose(1, 2);
      Tensor seen =
          Convolution.conv1d(
              norm == null ? frames : norm.apply(frames, trace), weight(), bias, geometry);
      // An even width sees one frame too many.
      Tensor own = direction.size(2) % 2 == 0 ? seen.narrow(2, 0, seen.size(2) - 1) : seen;
      return activation.apply(own).transpose(1, 2);
    });
  }

  private Tensor weight() {
    if (length == null) {
      return direction;
    }
    Tensor norms = direction.square().sum(0, true).sum(1, true).sqrt();
    return direction.div(norms).mul(length);
  }
}
