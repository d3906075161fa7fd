package dev.heed.model.wav2vec2;

import dev.heed.attention.AttentionRequest;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the layers begin with, projected frames and a convolution over them in place of positions;
 * and how what they give may be shortened.
 */
final class FrameEmbeddings extends Module implements EncoderFrame {
  private final FrameProjection frames;
  private final PlaceConvolution places;
  private final Norm after;
  private final Dropout dropout;
  private final @Nullable SpeechAdapter adapter;

  FrameEmbeddings(Weights weights, Wav2Vec2Config config, @Nullable SpeechAdapter adapter) {
    super(weights);
    frames = FrameProjection.of(weights, config);
    places = new PlaceConvolution(weights.child("encoder.pos_conv_embed"), config, 1);
    after =
        config.doStableLayerNorm()
            ? Norm.NONE
            : new LayerNorm(
                weights.child("encoder.layer_norm"), config.hiddenSize(), config.layerNormEps());
    dropout = new Dropout(config.hiddenDropout());
    this.adapter = adapter;
  }

  /** How many states come of so many samples, i64 of the same shape. */
  Tensor states(Tensor samples) {
    Tensor counts = frames.frames(samples);
    return adapter == null ? counts : adapter.states(counts);
  }

  /** {@code [B, frames, H]} of {@code input_values} {@code [B, samples]}. */
  Tensor apply(Run run) {
    Tensor x = frames.apply(run);
    return TensorScope.run(
        () -> dropout.apply(after.apply(x.add(places.apply(x, run.trace()))), run.trace()));
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    return frames.requests(run, embedded);
  }

  @Override
  public Tensor own(Run run, Tensor states) {
    return adapter == null ? states : adapter.apply(states);
  }
}
