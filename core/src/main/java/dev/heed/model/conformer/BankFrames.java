package dev.heed.model.conformer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.Default;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What wav2vec-BERT's layers begin with, filter banks; and what follows after them. */
final class BankFrames extends Module implements EncoderFrame {
  private final LayerNorm norm;
  private final Linear projection;
  private final Dropout projectionDropout;
  private final Dropout dropout;
  private final @Nullable FeedForward between;
  private final @Nullable ConformerAdapter adapter;

  /**
   * With {@code feature_projection} below {@code weights}.
   *
   * @param bands of a frame
   * @param between a network after the layers, or null
   * @param adapter shortens what they give, or null
   */
  BankFrames(
      Weights weights,
      ConformerConfig config,
      Bands bands,
      @Nullable FeedForward between,
      @Nullable ConformerAdapter adapter) {
    super(weights);
    Weights own = weights.child("feature_projection");
    int count = bands.featureProjectionInputDim();
    norm = new LayerNorm(own.child("layer_norm"), count, config.layerNormEps());
    projection = Linear.of(own.child("projection"), count, config.hiddenSize());
    projectionDropout = new Dropout(bands.featProjDropout());
    dropout = new Dropout(config.hiddenDropout());
    this.between = between;
    this.adapter = adapter;
    // Stands in for hidden frames while the model is trained.
    weights.ignore("masked_spec_embed");
  }

  /**
   * What a config says about filter banks.
   *
   * @param featureProjectionInputDim bands of a frame
   * @param featProjDropout of projected frames while training
   */
  record Bands(
      @Default("160") int featureProjectionInputDim, @Default("0.0") double featProjDropout) {}

  /** {@code [B, T, H]} of {@code input_features} {@code [B, T, bands]}; zeros at padding. */
  Tensor apply(Run run) {
    Tensor normed = norm.apply(run.input().require("input_features"));
    run.put("extract_features", normed);
    Tensor there = run.input().truth("attention_mask");
    return TensorScope.run(() -> {
      Tensor x = projectionDropout.apply(projection.apply(normed), run.trace());
      Tensor seen = there == null ? x : x.maskedFill(there.not().unsqueeze(-1), 0);
      return dropout.apply(seen, run.trace());
    });
  }

  /** How many states come of so many frames, i64 of the same shape. */
  Tensor states(Tensor frames) {
    return adapter == null ? frames : adapter.states(frames);
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    Tensor there = keep(run, embedded);
    AttentionRequest request = run.request(there == null ? null : AttentionMask.padding(there));
    return layer -> request;
  }

  @Override
  public @Nullable Tensor keep(Run run, Tensor embedded) {
    return run.input().truth("attention_mask");
  }

  @Override
  public Tensor own(Run run, Tensor states) {
    FeedForward network = between;
    Tensor after =
        network == null
            ? states
            : TensorScope.run(() -> states.add(network.apply(states, run.trace()).mul(0.5)));
    if (adapter == null) {
      return after;
    }
    Tensor there = run.input().get("attention_mask");
    Tensor counts =
        there == null ? null : TensorScope.run(() -> there.ne(0).to(DType.I64).sum(1, false));
    return adapter.apply(after, counts, run);
  }
}
