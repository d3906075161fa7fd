package dev.heed.model.wav2vec2;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the layers begin with: projected frames, and a grouped convolution over them in place of
 * positions.
 */
final class FrameEmbeddings extends Module implements EncoderFrame {
  private final FrameExtractor extractor;
  private final Norm norm;
  private final Linear projection;
  private final Dropout projectionDropout;
  private final Tensor direction;
  private final Tensor length;
  private final @Nullable Tensor bias;
  private final Norm after;
  private final Dropout dropout;
  private final Wav2Vec2Config config;

  FrameEmbeddings(Weights weights, Wav2Vec2Config config) {
    super(weights);
    this.config = config;
    long size = config.hiddenSize();
    extractor = new FrameExtractor(weights.child("feature_extractor"), config);
    Weights projected = weights.child("feature_projection");
    norm =
        config.featProjLayerNorm()
            ? new LayerNorm(
                projected.child("layer_norm"), config.frameSize(), config.layerNormEps())
            : Norm.NONE;
    projection = Linear.of(projected.child("projection"), config.frameSize(), size);
    projectionDropout = new Dropout(config.featProjDropout());
    // Stands in for hidden frames while wav2vec 2.0 is trained.
    weights.ignore("masked_spec_embed");
    Weights positions = weights.child("encoder.pos_conv_embed.conv");
    long width = config.numConvPosEmbeddings();
    long in = size / config.numConvPosEmbeddingGroups();
    Initializer small = Initializer.normal(2 * Math.sqrt(1.0 / (width * size)));
    direction = positions.parameter("weight_v", small, size, in, width);
    length = positions.parameter("weight_g", Initializer.ONES, 1, 1, width);
    bias = positions.parameter("bias", Initializer.ZEROS, size);
    after =
        config.doStableLayerNorm()
            ? Norm.NONE
            : new LayerNorm(weights.child("encoder.layer_norm"), size, config.layerNormEps());
    dropout = new Dropout(config.hiddenDropout());
  }

  FrameExtractor extractor() {
    return extractor;
  }

  /** {@code [B, frames, H]} of {@code input_values} {@code [B, samples]}. */
  Tensor apply(Run run) {
    Tensor samples = run.input().require("input_values");
    Tensor there = run.input().truth("attention_mask");
    Tensor frames = norm.apply(extractor.apply(samples));
    run.put("extract_features", frames);
    Tensor keep = extractor.keep(there, frames.size(1));
    return TensorScope.run(() -> {
      Tensor x = projectionDropout.apply(projection.apply(frames), run.trace());
      if (keep != null) {
        x = x.mul(keep.unsqueeze(-1).to(x.dtype()));
      }
      return dropout.apply(after.apply(x.add(places(x))), run.trace());
    });
  }

  /** The convolution, whose weight is a direction and a length for each frame it sees. */
  private Tensor places(Tensor x) {
    Tensor norms = direction.square().sum(0, true).sum(1, true).sqrt();
    Tensor weight = direction.div(norms).mul(length);
    long width = weight.size(2);
    Tensor seen =
        Convolution.conv1d(
            x.transpose(1, 2),
            weight,
            bias,
            new Geometry(1, width / 2, 1, config.numConvPosEmbeddingGroups()));
    // An even width sees one frame too many.
    Tensor own = width % 2 == 0 ? seen.narrow(2, 0, seen.size(2) - 1) : seen;
    return Activation.named(config.featExtractActivation()).apply(own).transpose(1, 2);
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    Tensor keep = extractor.keep(run.input().truth("attention_mask"), embedded.size(1));
    AttentionRequest request = run.request(keep == null ? null : AttentionMask.padding(keep));
    return layer -> request;
  }
}
