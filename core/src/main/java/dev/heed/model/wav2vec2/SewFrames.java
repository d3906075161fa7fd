package dev.heed.model.wav2vec2;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.IntFunction;

/**
 * What SEW's layers begin with, the mean of each few frames and a convolution in steps of as many;
 * and how the frames come back after them.
 */
final class SewFrames extends Module implements EncoderFrame {
  private final FrameProjection frames;
  private final PlaceConvolution places;
  private final LayerNorm norm;
  private final Dropout dropout;
  private final int squeeze;
  private final Linear spread;
  private final Activation activation;

  SewFrames(Weights weights, Wav2Vec2Config config, int squeeze) {
    super(weights);
    this.squeeze = squeeze;
    int size = config.hiddenSize();
    Weights encoder = weights.child("encoder");
    frames = FrameProjection.flat(weights, config);
    places = new PlaceConvolution(encoder.child("pos_conv_embed"), config, squeeze);
    norm = new LayerNorm(encoder.child("layer_norm"), size, config.layerNormEps());
    dropout = new Dropout(config.hiddenDropout());
    spread = Linear.of(encoder.child("upsample.projection"), size, (long) size * squeeze);
    activation = Activation.named(config.featExtractActivation());
  }

  /** How many frames come of so many samples, i64 of the same shape. */
  Tensor states(Tensor samples) {
    return frames.frames(samples);
  }

  /** {@code [B, frames / squeeze, H]} of {@code input_values} {@code [B, samples]}. */
  Tensor apply(Run run) {
    Tensor x = frames.apply(run);
    run.put("frames", x);
    return TensorScope.run(() -> {
      Tensor seen = places.apply(x, run.trace());
      long count = Math.min(x.size(1) / squeeze, seen.size(1));
      Tensor means = x.narrow(1, 0, count * squeeze).unflatten(1, count, squeeze).mean(2, false);
      return dropout.apply(norm.apply(means.add(seen.narrow(1, 0, count))), run.trace());
    });
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    Tensor samples = run.input().truth("attention_mask");
    if (samples == null) {
      AttentionRequest all = run.request(null);
      return layer -> all;
    }
    Tensor keep =
        TensorScope.run(() -> {
          Tensor counts = frames.frames(samples.to(DType.I64).sum(1, true)).floorDiv(squeeze);
          return Tensor.arange(embedded.size(1), DType.I64).unsqueeze(0).lt(counts);
        });
    AttentionRequest request = run.request(AttentionMask.padding(keep));
    return layer -> request;
  }

  /**
   * As many states as there were frames: of each some, and zeros where the last few are missing.
   */
  @Override
  public Tensor own(Run run, Tensor states) {
    long count = run.value("frames").size(1);
    return TensorScope.run(() -> {
      Tensor wide = activation.apply(spread.apply(states));
      Tensor each = wide.unflatten(-1, squeeze, wide.size(-1) / squeeze).flatten(1, 2);
      long missing = count - each.size(1);
      return missing > 0 ? each.pad(0, 0, 0, 0, missing) : each;
    });
  }
}
