package dev.heed.mixer.catalogue;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MaskedMixer;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.BigBirdMask;
import dev.heed.attention.sparse.FactorizedAttention;
import dev.heed.attention.sparse.LongformerMixer;
import dev.heed.attention.sparse.LshAttention;
import dev.heed.attention.sparse.LshMixer;
import dev.heed.attention.sparse.LshSelfAttention;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** Softmax attention over some of the keys. */
final class SparseMixers {
  private static final int DILATION = 4;
  private static final int HASH_ROUNDS = 4;

  static final List<MixerEntry> ALL =
      List.of(
          new MixerEntry(
              "sliding-window",
              "sliding-window",
              "Sliding window",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.EITHER,
              false,
              true,
              patterned(SparseMixers::window)),
          new MixerEntry(
              "dilated-window",
              "dilated-window",
              "Dilated sliding window",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.EITHER,
              false,
              true,
              patterned(SparseMixers::dilated)),
          new MixerEntry(
              "sparse-strided",
              "sparse-transformer",
              "Sparse Transformer, strided",
              Growth.N_ROOT_N,
              Exactness.SOME_KEYS,
              Direction.CAUSAL,
              false,
              true,
              SparseMixers::strided),
          new MixerEntry(
              "sparse-fixed",
              "sparse-transformer",
              "Sparse Transformer, fixed",
              Growth.N_ROOT_N,
              Exactness.SOME_KEYS,
              Direction.CAUSAL,
              false,
              true,
              SparseMixers::fixed),
          new MixerEntry(
              "bigbird",
              "bigbird",
              "BigBird",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.BOTH_WAYS,
              false,
              true,
              patterned(SparseMixers::bigBird)),
          new MixerEntry(
              "longformer",
              "longformer",
              "Longformer",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.BOTH_WAYS,
              false,
              true,
              SparseMixers::longformer),
          new MixerEntry(
              "reformer",
              "reformer",
              "Reformer (LSH attention)",
              Growth.N_LOG_N,
              Exactness.SOME_KEYS,
              Direction.EITHER,
              false,
              true,
              SparseMixers::reformer));

  private SparseMixers() {}

  private interface Pattern {
    IntFunction<AttentionMask> of(MixerShape shape);
  }

  private static BiFunction<Weights, MixerShape, SequenceMixer> patterned(Pattern pattern) {
    return (weights, shape) ->
        new MaskedMixer(
            new MultiHeadAttention(
                weights, HeadProjections.of(weights, shape.size()), shape.heads()),
            pattern.of(shape));
  }

  private static IntFunction<AttentionMask> window(MixerShape shape) {
    int side = shape.window() / 2;
    AttentionMask mask =
        shape.causal()
            ? AttentionMask.slidingWindow(shape.window())
            : AttentionMask.window(side, shape.window() - 1 - side);
    return length -> mask;
  }

  private static IntFunction<AttentionMask> dilated(MixerShape shape) {
    int side = shape.window() / 2;
    AttentionMask mask =
        shape.causal()
            ? AttentionMask.dilatedWindow(shape.window() - 1, 0, DILATION)
            : AttentionMask.dilatedWindow(side, shape.window() - 1 - side, DILATION);
    return length -> mask;
  }

  private static SequenceMixer strided(Weights weights, MixerShape shape) {
    return factorized(weights, shape, new FactorizedAttention.Strided(stride(shape)));
  }

  private static SequenceMixer fixed(Weights weights, MixerShape shape) {
    int stride = Math.max(2, stride(shape));
    return factorized(weights, shape, new FactorizedAttention.Fixed(stride, 1));
  }

  private static SequenceMixer factorized(
      Weights weights, MixerShape shape, FactorizedAttention.Pattern pattern) {
    return SoftmaxMixers.heads(weights, shape, new FactorizedAttention(pattern), null);
  }

  /** About √n for the longest sequence, so that a longer one does not change what was seen. */
  private static int stride(MixerShape shape) {
    return (int) Math.ceil(Math.sqrt(shape.maxLength()));
  }

  /** Three window blocks, a global block at either end, two random ones. */
  private static IntFunction<AttentionMask> bigBird(MixerShape shape) {
    return length ->
        new BigBirdMask(
            new BigBirdMask.Pattern(
                shape.block(),
                Math.max(1, Math.ceilDiv(length, shape.block())),
                shape.heads(),
                1,
                1,
                2,
                shape.seed()));
  }

  /** The first token sees all and is seen by all. */
  private static SequenceMixer longformer(Weights weights, MixerShape shape) {
    return new LongformerMixer(weights, shape.size(), shape.heads(), shape.window() / 2, 1);
  }

  private static SequenceMixer reformer(Weights weights, MixerShape shape) {
    return new LshMixer(
        new LshSelfAttention(weights, shape.size(), shape.heads()),
        new LshAttention(shape.block(), shape.causal(), false, true),
        HASH_ROUNDS,
        shape.seed());
  }
}
