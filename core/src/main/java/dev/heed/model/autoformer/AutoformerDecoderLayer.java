package dev.heed.model.autoformer;

import dev.heed.attention.MixerSwap;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.Residual;
import dev.heed.model.forecast.CircularConvolution;
import dev.heed.model.forecast.Decomposition;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * A layer of the decoder: after each of its parts the trend leaves the states, and the three trends
 * together are added to the series' own (Wu et al. 2021, equation 4).
 */
final class AutoformerDecoderLayer extends Module {
  private final Parts parts;

  /**
   * The parts.
   *
   * @param self reads its own steps
   * @param selfNorm of the season after it
   * @param cross reads the encoder's
   * @param crossNorm of the season after it
   * @param feedForward each step alone
   * @param last of the season after it
   * @param split into season and trend
   * @param toTrend from states to what a step reads
   */
  record Parts(
      Residual self,
      LayerNorm selfNorm,
      Residual cross,
      LayerNorm crossNorm,
      Residual feedForward,
      Norm last,
      Decomposition split,
      CircularConvolution toTrend) {}

  /**
   * What a layer gives.
   *
   * @param season {@code [B, T, H]}
   * @param trend {@code [B, T, width]}
   */
  record Result(Tensor season, Tensor trend) {}

  AutoformerDecoderLayer(Weights weights, Parts parts) {
    super(weights);
    this.parts = parts;
  }

  private AutoformerDecoderLayer(AutoformerDecoderLayer other, Residual self) {
    super(other);
    Parts own = other.parts;
    this.parts =
        new Parts(
            self,
            own.selfNorm(),
            own.cross(),
            own.crossNorm(),
            own.feedForward(),
            own.last(),
            own.split(),
            own.toTrend());
  }

  /** The same parameters around another mixer. */
  AutoformerDecoderLayer withMixer(int number, MixerSwap swap) {
    return new AutoformerDecoderLayer(this, parts.self().withMixer(number, swap));
  }

  /** Maps {@code [B, T, H]}; the weights that the call saw outlive the layer. */
  Result apply(Tensor x, LayerCall call) {
    return TensorScope.run(() -> new Seen(result(x, call), call.seen())).result();
  }

  private record Seen(Result result, List<Tensor> seen) {}

  private Result result(Tensor x, LayerCall call) {
    Tensor start = call.trace().visit(point("resid_pre"), x);
    Decomposition.Parts first = parts.split().split(parts.self().apply(start, call));
    Tensor read = parts.selfNorm().apply(first.season());
    Decomposition.Parts second = parts.split().split(parts.cross().apply(read, call));
    Tensor heard = parts.crossNorm().apply(second.season());
    Decomposition.Parts third = parts.split().split(parts.feedForward().apply(heard, call));
    Tensor season = call.trace().visit(point("resid_post"), parts.last().apply(third.season()));
    Tensor trend = first.trend().add(second.trend()).add(third.trend());
    return new Result(season, parts.toTrend().apply(trend.transpose(1, 2)).transpose(1, 2));
  }
}
