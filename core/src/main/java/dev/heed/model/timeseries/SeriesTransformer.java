package dev.heed.model.timeseries;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.block.LayerCall;
import dev.heed.model.forecast.DrawnSteps;
import dev.heed.model.forecast.PredictionHead;
import dev.heed.model.forecast.SeriesConfig;
import dev.heed.model.forecast.SeriesHalf;
import dev.heed.model.forecast.SeriesInputs;
import dev.heed.model.forecast.SeriesInputs.Window;
import dev.heed.model.forecast.SeriesModel;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the steps of a context and says, step by step, the distribution of what follows.
 *
 * <p>Takes what {@link SeriesInputs} reads. Gives {@code encoder_last_hidden_state}, {@code loc},
 * {@code scale} and {@code static_features}; where {@code future_values} are given, {@code
 * last_hidden_state} of their steps and what the head gives: {@code params.0} and on, {@code loss}.
 * Each of those steps reads values before its own only, so that the last value given plays no part.
 *
 * <p>With a {@link DecodeState} the encoder reads at the first call only, and the decoder takes the
 * steps that earlier calls did not.
 */
public final class SeriesTransformer extends SeriesModel {
  private static final String MEMORY = "encoder.last_hidden_state";

  private final Weights weights;
  private final Parts parts;

  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param config sizes
   * @param inputs what each step reads
   * @param encoder reads the context
   * @param decoder reads the steps that follow
   * @param head what stands on them, or null
   * @param stepwise whether decoding step by step equals decoding all steps at once, so that a
   *     state may be kept
   */
  public record Parts(
      SeriesConfig config,
      SeriesInputs inputs,
      SeriesHalf encoder,
      SeriesHalf decoder,
      @Nullable PredictionHead head,
      boolean stepwise) {}

  /** A model at the root of its weights. */
  public SeriesTransformer(Weights weights, Parts parts) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER_DECODER;
  }

  @Override
  public SeriesShape shape() {
    return parts.config().shape();
  }

  /** The encoder's layers come first in the count, then the decoder's. */
  @Override
  public SeriesTransformer withMixers(MixerSwap swap) {
    SeriesHalf encoder = parts.encoder();
    SeriesHalf decoder = parts.decoder();
    int first = encoder.stack().layers().size();
    return new SeriesTransformer(
        weights,
        new Parts(
            parts.config(),
            parts.inputs(),
            encoder.with(encoder.stack().withMixers(swap)),
            decoder.with(decoder.stack().withMixers((layer, own) -> swap.swap(first + layer, own))),
            parts.head(),
            parts.stepwise()));
  }

  @Override
  protected void run(Run run) {
    Window window = parts.inputs().of(run.input());
    Tensor all = window.whole();
    long context = parts.config().context();
    Tensor memory = memory(run, all.narrow(1, 0, context));
    run.put("encoder_last_hidden_state", memory);
    run.put("loc", window.scale().loc());
    run.put("scale", window.scale().scale());
    run.put("static_features", window.fixed());
    if (!run.input().has("future_values")) {
      return;
    }
    long past = run.input().past();
    long time = all.size(1) - context - past;
    Tensor embedded =
        parts
            .decoder()
            .embedding()
            .apply(all.narrow(1, context + past, time), context + past, run.trace());
    AttentionRequest before = run.request(AttentionMask.causal());
    AttentionRequest cross = run.request(null);
    Tensor hidden =
        parts.decoder().stack().apply(embedded, run, layer -> new LayerCall(before, memory, cross));
    if (run.state() != null) {
      run.state().advance(time);
    }
    run.put("last_hidden_state", hidden);
    if (parts.head() != null) {
      parts.head().apply(run, hidden, window.scale());
    }
  }

  private Tensor memory(Run run, Tensor steps) {
    DecodeState state = run.state();
    return state == null ? read(run, steps) : state.once(MEMORY, () -> read(run, steps));
  }

  private Tensor read(Run run, Tensor steps) {
    AttentionRequest request = run.request(null).withState(null);
    return parts
        .encoder()
        .stack()
        .apply(
            parts.encoder().embedding().apply(steps, 0, run.trace()),
            run,
            layer -> new LayerCall(request));
  }

  @Override
  public Tensor futures(ModelInput input, int futures, List<Generator> random) {
    if (parts.head() == null) {
      throw noForecast("a model without a head");
    }
    return new DrawnSteps(this, parts.config(), parts.head(), parts.stepwise())
        .draw(input, futures, random);
  }
}
