package dev.heed.model.wav2vec2;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Frames of the samples as the layers' vectors: convolutions, perhaps a norm, a map. */
public final class FrameProjection extends Module {
  private final FrameExtractor extractor;
  private final Norm norm;
  private final Norm projection;
  private final Dropout dropout;

  private FrameProjection(Weights weights, Wav2Vec2Config config, Norm norm, Norm projection) {
    super(weights);
    this.extractor = new FrameExtractor(weights.child("feature_extractor"), config);
    this.norm = norm;
    this.projection = projection;
    this.dropout = new Dropout(config.featProjDropout());
    // Stands in for hidden frames while the model is trained.
    weights.ignore("masked_spec_embed");
  }

  /** With {@code feature_projection.layer_norm} and {@code .projection}. */
  public static FrameProjection of(Weights weights, Wav2Vec2Config config) {
    Weights own = weights.child("feature_projection");
    int frame = config.frameSize();
    return new FrameProjection(
        weights,
        config,
        config.featProjLayerNorm()
            ? new LayerNorm(own.child("layer_norm"), frame, config.layerNormEps())
            : Norm.NONE,
        Linear.of(own.child("projection"), frame, config.hiddenSize())::apply);
  }

  /** SEW's, with {@code layer_norm}, and {@code feature_projection} where sizes differ. */
  static FrameProjection flat(Weights weights, Wav2Vec2Config config) {
    int frame = config.frameSize();
    return new FrameProjection(
        weights,
        config,
        new LayerNorm(weights.child("layer_norm"), frame, config.layerNormEps()),
        frame == config.hiddenSize()
            ? Norm.NONE
            : Linear.of(weights.child("feature_projection"), frame, config.hiddenSize())::apply);
  }

  /** {@code [B, frames, H]} of {@code input_values} {@code [B, samples]}; zeros at padding. */
  public Tensor apply(Run run) {
    Tensor samples = run.input().require("input_values");
    Tensor frames = norm.apply(extractor.apply(samples));
    run.put("extract_features", frames);
    Tensor keep = keep(run, frames.size(1));
    return TensorScope.run(() -> {
      Tensor x = dropout.apply(projection.apply(frames), run.trace());
      return keep == null ? x : x.mul(keep.unsqueeze(-1).to(x.dtype()));
    });
  }

  /** How many frames come of so many samples, i64 of the same shape. */
  public Tensor frames(Tensor samples) {
    return extractor.frames(samples);
  }

  /** Which of the frames are there, bool {@code [B, frames]}; null for all. */
  @Nullable Tensor keep(Run run, long frames) {
    Tensor samples = run.input().truth("attention_mask");
    if (samples == null) {
      return null;
    }
    return TensorScope.run(() -> {
      Tensor counts = frames(samples.to(DType.I64).sum(1, true));
      return Tensor.arange(frames, DType.I64).unsqueeze(0).lt(counts);
    });
  }

  /** Layers that see the frames that are there. */
  public IntFunction<AttentionRequest> requests(Run run, Tensor frames) {
    Tensor keep = keep(run, frames.size(1));
    AttentionRequest request = run.request(keep == null ? null : AttentionMask.padding(keep));
    return layer -> request;
  }
}
