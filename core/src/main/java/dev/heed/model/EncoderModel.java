package dev.heed.model;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A model that reads a whole sequence at once: embeddings, layers, perhaps a pooler, a head.
 *
 * <p>Gives {@code last_hidden_state}, {@code pooler_output} where there is a pooler, and what the
 * head gives. Padding never matters: a masked token gets weight 0 from every query.
 */
public final class EncoderModel extends Model {
  private final Weights weights;
  private final Parts parts;

  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param embed from the call's inputs to {@code [B, T, H]}
   * @param stack the layers
   * @param pooler from {@code [B, T, H]} to {@code [B, H]}, or null for none
   * @param head what stands on the states
   * @param table the token table, or null where there is none
   * @param paddingOpen whether what stands at padding does not follow from the model, for example
   *     where layers see tokens nearby only
   * @param frame how a call's tokens become the layers'
   */
  public record Parts(
      Function<Run, Tensor> embed,
      TransformerStack stack,
      @Nullable Norm pooler,
      Head head,
      @Nullable Tensor table,
      boolean paddingOpen,
      EncoderFrame frame) {
    /** Layers in which padding sees what all tokens see. */
    public Parts(
        Function<Run, Tensor> embed,
        TransformerStack stack,
        @Nullable Norm pooler,
        Head head,
        @Nullable Tensor table) {
      this(embed, stack, pooler, head, table, false, EncoderFrame.PLAIN);
    }

    /** The same where what stands at padding does not follow from the model. */
    public Parts leavingPaddingOpen() {
      return new Parts(embed, stack, pooler, head, table, true, frame);
    }

    /** The same whose layers see the tokens in another way. */
    public Parts in(EncoderFrame other) {
      return new Parts(embed, stack, pooler, head, table, paddingOpen, other);
    }

    /** The same that begins otherwise. */
    public Parts embedding(Function<Run, Tensor> other) {
      return new Parts(other, stack, pooler, head, table, paddingOpen, frame);
    }

    /** The same under another head. */
    public Parts with(Head other) {
      return new Parts(embed, stack, pooler, other, table, paddingOpen, frame);
    }

    /** Whether nothing but the first token's last state is read. */
    boolean readFirstToken() {
      return frame == EncoderFrame.PLAIN
          && head.readsOneState()
          && (pooler == null || pooler instanceof Pooler.OfFirst);
    }

    /**
     * The token table.
     *
     * @throws IllegalStateException if there is none
     */
    public Tensor requireTable() {
      if (table == null) {
        throw new IllegalStateException("this encoder has no table of words");
      }
      return table;
    }
  }

  /** A model at the root of its weights. */
  public EncoderModel(Weights weights, Parts parts) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public boolean definesPadding() {
    return !parts.paddingOpen();
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return parts.table();
  }

  @Override
  public EncoderModel withMixers(MixerSwap swap) {
    return new EncoderModel(
        weights,
        new Parts(
            parts.embed(),
            parts.stack().withMixers(swap),
            parts.pooler(),
            parts.head(),
            parts.table(),
            parts.paddingOpen(),
            parts.frame()));
  }

  @Override
  protected void run(Run run) {
    Tensor embedded = parts.embed().apply(run);
    IntFunction<AttentionRequest> requests = parts.frame().requests(run, embedded);
    Tensor keep = parts.frame().keep(run, embedded);
    IntFunction<LayerCall> calls = layer -> new LayerCall(requests.apply(layer)).keeping(keep);
    boolean first = !run.wanted().last() && parts.readFirstToken();
    Tensor states =
        first
            ? parts.stack().applyForFirst(embedded, run, calls)
            : parts
                .stack()
                .apply(
                    embedded,
                    run,
                    calls,
                    (series, state) -> parts.frame().record(run, series, state));
    Tensor hidden = parts.frame().own(run, states);
    if (!first) {
      run.put("last_hidden_state", hidden);
    }
    Tensor pooled = parts.pooler() == null ? null : parts.pooler().apply(hidden);
    if (pooled != null) {
      run.put("pooler_output", pooled);
    }
    parts.head().apply(run, hidden, pooled);
  }
}
