package dev.heed.model;

import dev.heed.attention.DecodeState;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.nn.Embedding;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model that writes on token by token: embeddings, layers that look back only, a head.
 *
 * <p>Gives {@code last_hidden_state} and what the head gives. With a {@link DecodeState} the input
 * holds the new tokens only, and {@code attention_mask} all tokens so far. Positions count on from
 * the state unless {@code position_ids} says otherwise.
 */
public final class DecoderModel extends Model {
  private final Weights weights;
  private final Parts parts;
  private final @Nullable Supplier<Parts> recorded;

  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param embed from the call's inputs and the positions of its tokens to {@code [B, T, H]}
   * @param stack the layers
   * @param reaches for each layer how far back it sees
   * @param bias how scores are changed
   * @param head what stands on the states
   * @param table the token table {@code [vocabulary, H]}
   */
  public record Parts(
      Function<Tokens, Tensor> embed,
      TransformerStack stack,
      List<Reach> reaches,
      Bias bias,
      Head head,
      Tensor table) {
    /** Layers whose scores are not changed. */
    public Parts(
        Function<Tokens, Tensor> embed,
        TransformerStack stack,
        List<Reach> reaches,
        Head head,
        Tensor table) {
      this(embed, stack, reaches, Bias.NONE, head, table);
    }
  }

  /** How the scores of a call are changed, for example by ALiBi. */
  @FunctionalInterface
  public interface Bias {
    /** Not at all. */
    Bias NONE = (keep, keys) -> null;

    /**
     * The change, made anew for every call.
     *
     * @param keep truth values {@code [B, keys]}, false at padding; null where there is none
     * @param keys how many tokens there are so far
     */
    @Nullable ScoreModifier of(@Nullable Tensor keep, long keys);
  }

  /**
   * The tokens of a call.
   *
   * @param run the call
   * @param ids i64 {@code [B, T]}
   * @param positions i64 {@code [T]} or {@code [B, T]}
   */
  public record Tokens(Run run, Tensor ids, Tensor positions) {
    /**
     * The positions, for a table of so many.
     *
     * @throws ShapeException for a position beyond it
     */
    public Tensor within(Embedding table) {
      return Places.within(positions, table.weight().size(0));
    }
  }

  /** A model at the root of its weights. */
  public DecoderModel(Weights weights, Parts parts) {
    this(weights, parts, null);
  }

  /**
   * A model at the root of its weights.
   *
   * @param recorded what takes the parts' place {@link #asRecorded}, or null for the same
   */
  public DecoderModel(Weights weights, Parts parts, @Nullable Supplier<Parts> recorded) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
    this.recorded = recorded;
  }

  @Override
  public DecoderModel asRecorded() {
    return recorded == null ? this : new DecoderModel(weights, recorded.get());
  }

  @Override
  public ModelKind kind() {
    return parts.reaches().stream().anyMatch(Reach::ahead) ? ModelKind.ENCODER : ModelKind.DECODER;
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return parts.table();
  }

  @Override
  public DecoderModel withMixers(MixerSwap swap) {
    return new DecoderModel(
        weights,
        new Parts(
            parts.embed(),
            parts.stack().withMixers(swap),
            parts.reaches(),
            parts.bias(),
            parts.head(),
            parts.table()));
  }

  @Override
  protected void run(Run run) {
    Tensor ids = run.input().require("input_ids");
    long time = ids.size(1);
    long past = run.input().past();
    Tensor given = run.input().get("position_ids");
    // Layers count on by themselves: a layer that is computed anew for gradients outlives this
    // call.
    Tensor positions = given == null ? Tensor.arange(time, DType.I64).add(past) : given;
    Tensor keep = run.input().truth("attention_mask");
    ScoreModifier bias = parts.bias().of(keep, past + time);
    Tensor present = keep == null ? null : keep.narrow(1, keep.size(1) - time, time);
    Tensor embedded = parts.embed().apply(new Tokens(run, ids, positions));
    Tensor hidden =
        parts
            .stack()
            .apply(
                embedded,
                run,
                layer ->
                    new LayerCall(
                            run.request(parts.reaches().get(layer).mask(keep, past, time))
                                .withModifier(bias)
                                .withPositions(given))
                        .accompaniedBy(run.companion(layer))
                        .keeping(present));
    if (run.state() != null) {
      run.state().advance(time);
    }
    run.put("last_hidden_state", hidden);
    parts.head().apply(run, hidden, null);
  }
}
