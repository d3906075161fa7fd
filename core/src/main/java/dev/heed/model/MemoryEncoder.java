package dev.heed.model;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.block.LayerCall;
import dev.heed.model.block.TransformerStack;
import dev.heed.tensor.Tensor;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of an encoder-decoder.
 *
 * @param embed from the call's inputs to {@code [B, T, H]} and which of them are padding
 * @param stack the layers
 * @param patterns which keys a layer sees besides padding, or null for all
 * @param bias how a layer's scores are changed, made anew for every call since it reads its
 *     parameters then; or null
 * @param frame what layers see instead, where neither padding nor a pattern says it; or null
 * @param paddingOpen whether what stands at padding does not follow from the model, for example
 *     where layers see tokens nearby only
 */
public record MemoryEncoder(
    Function<Run, Memory> embed,
    TransformerStack stack,
    IntFunction<@Nullable AttentionMask> patterns,
    IntFunction<@Nullable ScoreModifier> bias,
    @Nullable EncoderFrame frame,
    boolean paddingOpen) {
  /** An encoder whose layers see all keys, by plain scores. */
  public static MemoryEncoder of(Function<Run, Memory> embed, TransformerStack stack) {
    return new MemoryEncoder(embed, stack, layer -> null, layer -> null, null, false);
  }

  /** The same with score changes. */
  public MemoryEncoder biased(IntFunction<@Nullable ScoreModifier> other) {
    return new MemoryEncoder(embed, stack, patterns, other, frame, paddingOpen);
  }

  /** The same whose layers see only what a pattern lets them. */
  public MemoryEncoder seeing(IntFunction<@Nullable AttentionMask> other) {
    return new MemoryEncoder(embed, stack, other, bias, frame, paddingOpen);
  }

  /** The same whose layers see what a frame says; null for no frame. */
  public MemoryEncoder in(@Nullable EncoderFrame other) {
    return new MemoryEncoder(embed, stack, patterns, bias, other, paddingOpen);
  }

  /** The same where what stands at padding does not follow from the model. */
  public MemoryEncoder leavingPaddingOpen() {
    return new MemoryEncoder(embed, stack, patterns, bias, frame, true);
  }

  /** The same around other mixers. */
  MemoryEncoder withMixers(MixerSwap swap) {
    return new MemoryEncoder(embed, stack.withMixers(swap), patterns, bias, frame, paddingOpen);
  }

  /** What the encoder makes of a run's inputs, with which of its places are there. */
  Memory apply(Run run) {
    Memory embedded = embed.apply(run);
    Tensor keep = embedded.keep();
    if (frame != null) {
      IntFunction<AttentionRequest> requests = frame.requests(run, embedded.states());
      Tensor framed =
          stack.apply(
              embedded.states(),
              run,
              layer -> new LayerCall(requests.apply(layer).withState(null)),
              (series, state) -> frame.record(run, series, state));
      return new Memory(frame.own(run, framed), keep);
    }
    // What is read is read whole, at the first call.
    AttentionRequest plain = run.request(embedded.mask()).withState(null);
    Tensor states =
        stack.apply(
            embedded.states(),
            run,
            layer -> {
              AttentionMask pattern = patterns.apply(layer);
              AttentionRequest own = plain.withModifier(bias.apply(layer));
              return new LayerCall(pattern == null ? own : own.narrowedTo(pattern));
            });
    return new Memory(states, keep);
  }
}
