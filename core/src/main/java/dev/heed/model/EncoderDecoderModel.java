package dev.heed.model;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A model that reads one sequence and writes another (Vaswani et al. 2017).
 *
 * <p>Takes what its encoder reads, {@code decoder_input_ids} i64 {@code [B, T]} and, where some are
 * padding, {@code decoder_attention_mask}; without the former those follow from {@code labels}.
 * Gives {@code encoder_last_hidden_state}, {@code last_hidden_state} and what the head gives.
 *
 * <p>With a {@link DecodeState} the encoder reads at the first call only: later ones take the new
 * {@code decoder_input_ids} alone, and {@code decoder_attention_mask} of all of them so far.
 */
public final class EncoderDecoderModel extends Model {
  /**
   * What the encoder gave in an earlier call, {@code [B, Tk, H]}: where it is handed back the
   * encoder does not read again.
   */
  public static final String ENCODED = "encoder_outputs.last_hidden_state";

  /** Which of these may be seen {@code [B, Tk]}; without it all. */
  public static final String ENCODED_MASK = "encoder_outputs.attention_mask";

  private final Weights weights;
  private final Parts parts;

  /**
   * The parts, built under the names the checkpoint gives them.
   *
   * @param encoder reads
   * @param embed the decoder's embeddings, {@code [B, T, H]}
   * @param stack the decoder's layers
   * @param windows for each of them how many keys a query sees, its own included; 0 for all before
   * @param bias how the scores of a layer's self-attention are changed, made anew for every call;
   *     or null
   * @param start what the decoder is given where only {@code labels} are
   * @param head what stands on the decoder's states
   * @param table the decoder's token table {@code [vocabulary, H]}
   */
  public record Parts(
      MemoryEncoder encoder,
      Function<DecoderModel.Tokens, Tensor> embed,
      TransformerStack stack,
      List<Integer> windows,
      IntFunction<@Nullable ScoreModifier> bias,
      DecoderStart start,
      Head head,
      Tensor table) {}

  /** A model at the root of its weights. */
  public EncoderDecoderModel(Weights weights, Parts parts) {
    super(weights);
    this.weights = weights;
    this.parts = parts;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER_DECODER;
  }

  @Override
  public boolean definesPadding() {
    return !parts.encoder().paddingOpen();
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return parts.table();
  }

  /** The encoder's layers come first in the count, then the decoder's. */
  @Override
  public EncoderDecoderModel withMixers(MixerSwap swap) {
    int first = parts.encoder().stack().layers().size();
    return new EncoderDecoderModel(
        weights,
        new Parts(
            parts.encoder().withMixers(swap),
            parts.embed(),
            parts.stack().withMixers((layer, own) -> swap.swap(first + layer, own)),
            parts.windows(),
            parts.bias(),
            parts.start(),
            parts.head(),
            parts.table()));
  }

  @Override
  public void join(DecodeState state, DecodeState other) {
    RememberedMemory.join(state, other);
  }

  @Override
  public void shorten(DecodeState state) {
    RememberedMemory.shorten(state);
  }

  @Override
  protected void run(Run run) {
    Memory memory = RememberedMemory.of(run.state(), () -> read(run));
    run.put("encoder_last_hidden_state", memory.states());
    Tensor ids = parts.start().ids(run.input());
    long time = ids.size(1);
    long past = run.input().past();
    Tensor given = run.input().get("decoder_position_ids");
    Tensor positions = given == null ? Tensor.arange(time, DType.I64).add(past) : given;
    Tensor keep = parts.start().keep(run.input(), ids);
    AttentionRequest cross = run.request(memory.mask());
    Tensor hidden =
        parts
            .stack()
            .apply(
                parts.embed().apply(new DecoderModel.Tokens(run, ids, positions)),
                run,
                layer ->
                    new LayerCall(
                        run.request(Masks.decoding(parts.windows().get(layer), keep, past, time))
                            .withModifier(parts.bias().apply(layer))
                            .withPositions(given),
                        memory.states(),
                        cross));
    if (run.state() != null) {
      run.state().advance(time);
    }
    run.put("last_hidden_state", hidden);
    parts.head().apply(run, hidden, null);
  }

  /** What the encoder reads, or what it gave before and the caller hands back. */
  private Memory read(Run run) {
    Tensor given = run.input().get(ENCODED);
    return given == null
        ? parts.encoder().apply(run)
        : new Memory(given, run.input().truth(ENCODED_MASK));
  }
}
