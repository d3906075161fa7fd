package dev.heed.model.autoformer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.model.autoformer.AutoformerDecoderLayer.Result;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.forecast.Decomposition;
import dev.heed.model.forecast.Outlook;
import dev.heed.model.forecast.PredictionHead;
import dev.heed.model.forecast.SeriesConfig;
import dev.heed.model.forecast.SeriesInputs;
import dev.heed.model.forecast.SeriesInputs.Window;
import dev.heed.model.forecast.SeriesModel;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.model.forecast.StepEmbedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the steps of a context and says at once what all steps after it are: their trend, which
 * starts from the context's mean and is refined layer by layer, and their season, which starts from
 * nothing (Wu et al. 2021, section 3.1).
 *
 * <p>Takes what {@link SeriesInputs} reads, of {@code future_values} how many there are. Gives
 * {@code encoder_last_hidden_state}, {@code loc}, {@code scale} and {@code static_features}; where
 * {@code future_values} are given, {@code last_hidden_state} and {@code trend} of the last steps of
 * the context and all after it, and what the head gives: {@code params.0} and on, {@code loss}.
 */
public final class Autoformer extends SeriesModel {
  private final Weights weights;
  private final Parts parts;
  private final Supplier<Model> recorded;

  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param config sizes
   * @param label steps of the context that the decoder starts from
   * @param split into trend and season
   * @param inputs what each step reads
   * @param reading vectors of the encoder's steps
   * @param encoder its layers
   * @param writing vectors of the decoder's steps
   * @param decoder its layers
   * @param toSeason from states to what a step reads
   * @param head what stands on trend and season, or null
   */
  record Parts(
      SeriesConfig config,
      int label,
      Decomposition split,
      SeriesInputs inputs,
      StepEmbedding reading,
      TransformerStack encoder,
      StepEmbedding writing,
      List<AutoformerDecoderLayer> decoder,
      Linear toSeason,
      @Nullable PredictionHead head) {}

  /**
   * A model at the root of its weights.
   *
   * @param recorded the same with the reference's fault
   */
  Autoformer(Weights weights, Parts parts, Supplier<Model> recorded) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
    this.recorded = recorded;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER_DECODER;
  }

  @Override
  public Model asRecorded() {
    return recorded.get();
  }

  @Override
  public SeriesShape shape() {
    return parts.config().shape();
  }

  /** The encoder's layers come first in the count, then the decoder's. */
  @Override
  public Autoformer withMixers(MixerSwap swap) {
    int first = parts.encoder().layers().size();
    List<AutoformerDecoderLayer> decoder =
        IntStream.range(0, parts.decoder().size())
            .mapToObj(i -> parts.decoder().get(i).withMixer(first + i, swap))
            .toList();
    Parts swapped =
        new Parts(
            parts.config(),
            parts.label(),
            parts.split(),
            parts.inputs(),
            parts.reading(),
            parts.encoder().withMixers(swap),
            parts.writing(),
            decoder,
            parts.toSeason(),
            parts.head());
    return new Autoformer(weights, swapped, recorded);
  }

  @Override
  protected void run(Run run) {
    Window window = parts.inputs().of(run.input());
    long context = parts.config().context();
    AttentionRequest whole = run.request(null).withState(null);
    Tensor steps = window.whole().narrow(1, 0, context);
    Tensor memory =
        parts
            .encoder()
            .apply(
                parts.reading().apply(steps, 0, run.trace()), run, layer -> new LayerCall(whole));
    run.put("encoder_last_hidden_state", memory);
    run.put("loc", window.scale().loc());
    run.put("scale", window.scale().scale());
    run.put("static_features", window.fixed());
    if (!run.input().has("future_values")) {
      return;
    }
    Result decoded = decode(run, window, memory, whole);
    run.put("last_hidden_state", decoded.season());
    run.put("trend", decoded.trend());
    if (parts.head() != null) {
      long ahead = window.lags().size(1) - context;
      Tensor both = decoded.season().add(decoded.trend());
      parts.head().apply(run, both.narrow(1, parts.label(), ahead), window.scale());
    }
  }

  private Result decode(Run run, Window window, Tensor memory, AttentionRequest whole) {
    long context = parts.config().context();
    long label = parts.label();
    long ahead = window.lags().size(1) - context;
    Tensor seen = window.lags().narrow(1, 0, context);
    Decomposition.Parts split = parts.split().split(seen);
    Tensor mean = seen.mean(1, true).expand(-1, ahead, -1);
    Tensor features = window.features().narrow(1, context - label, label + ahead);
    Tensor trend = begun(split.trend(), mean, features);
    Tensor start = begun(split.season(), mean.mul(0), features);
    Tensor hidden = parts.writing().apply(start, context - label, run.trace());
    for (AutoformerDecoderLayer layer : parts.decoder()) {
      run.state("decoder_hidden_states", hidden);
      LayerCall call = new LayerCall(whole, memory, whole);
      Result result = layer.apply(hidden, call);
      hidden = result.season();
      trend = trend.add(result.trend());
      run.weights("decoder_attentions", call.selfWeights());
      run.weights("cross_attentions", call.crossWeights());
    }
    Tensor season = parts.toSeason().apply(hidden);
    run.state("decoder_hidden_states", season);
    return new Result(season, trend);
  }

  /** The last steps of the context, and a beginning of those after it. */
  private Tensor begun(Tensor seen, Tensor ahead, Tensor features) {
    Tensor last = seen.narrow(1, seen.size(1) - parts.label(), parts.label());
    return Tensor.cat(List.of(Tensor.cat(List.of(last, ahead), 1), features), -1);
  }

  @Override
  public Tensor futures(ModelInput input, int futures, List<Generator> random) {
    PredictionHead head = parts.head();
    if (head == null) {
      throw noForecast("a model without a head");
    }
    return TensorScope.run(() -> {
      Tensor past = input.require("past_values");
      long[] sizes = past.shape().toArray();
      sizes[1] = parts.config().predictionLength();
      Tensor unknown = Tensor.zeros(Shape.of(sizes), past.dtype());
      Outlook outlook = head.outlook(apply(input.with("future_values", unknown)));
      Tensor drawn = outlook.repeated(futures).draw(random).unflatten(0, past.size(0), futures);
      return drawn.rank() == 3 ? drawn.unsqueeze(-1) : drawn;
    });
  }
}
