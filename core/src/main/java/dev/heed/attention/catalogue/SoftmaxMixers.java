package dev.heed.attention.catalogue;

import dev.heed.attention.MaskedMixer;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.MultiHeadAttention.Projections;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.BigBirdMask;
import dev.heed.attention.sparse.FixedMask;
import dev.heed.attention.sparse.StridedMask;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/** Exact softmax attention, whole or under a pattern. */
final class SoftmaxMixers {
  private static final int DILATION = 4;

  static final List<MixerEntry> ALL =
      List.of(
          new MixerEntry(
              "full-attention",
              "full-attention",
              "Full attention",
              Growth.QUADRATIC,
              Exactness.EXACT,
              Direction.BOTH_WAYS,
              false,
              SoftmaxMixers::full),
          new MixerEntry(
              "causal-attention",
              "causal-attention",
              "Causal attention",
              Growth.QUADRATIC,
              Exactness.EXACT,
              Direction.CAUSAL,
              false,
              patterned(shape -> length -> AttentionMask.causal())),
          new MixerEntry(
              "sliding-window",
              "sliding-window",
              "Sliding window",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.EITHER,
              false,
              patterned(SoftmaxMixers::window)),
          new MixerEntry(
              "dilated-window",
              "sliding-window",
              "Dilated sliding window",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.EITHER,
              false,
              patterned(SoftmaxMixers::dilated)),
          new MixerEntry(
              "sparse-strided",
              "sparse-transformer",
              "Sparse Transformer, strided",
              Growth.N_ROOT_N,
              Exactness.SOME_KEYS,
              Direction.CAUSAL,
              false,
              patterned(SoftmaxMixers::strided)),
          new MixerEntry(
              "sparse-fixed",
              "sparse-transformer",
              "Sparse Transformer, fixed",
              Growth.N_ROOT_N,
              Exactness.SOME_KEYS,
              Direction.CAUSAL,
              false,
              patterned(SoftmaxMixers::fixed)),
          new MixerEntry(
              "bigbird",
              "bigbird",
              "BigBird",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.SOME_KEYS,
              Direction.BOTH_WAYS,
              false,
              patterned(SoftmaxMixers::bigBird)));

  private SoftmaxMixers() {}

  private static MultiHeadAttention full(Weights weights, MixerShape shape) {
    return new MultiHeadAttention(weights, Projections.of(weights, shape.size()), shape.heads());
  }

  private interface Pattern {
    IntFunction<AttentionMask> of(MixerShape shape);
  }

  private static BiFunction<Weights, MixerShape, SequenceMixer> patterned(Pattern pattern) {
    return (weights, shape) -> new MaskedMixer(full(weights, shape), pattern.of(shape));
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

  /** The window and the stride in one head, both about √n (Child et al. 2019, section 4.3). */
  private static IntFunction<AttentionMask> strided(MixerShape shape) {
    int stride = stride(shape);
    AttentionMask mask = AttentionMask.slidingWindow(stride).or(new StridedMask(stride));
    return length -> mask;
  }

  private static IntFunction<AttentionMask> fixed(MixerShape shape) {
    AttentionMask mask = new FixedMask(1, stride(shape), 1, 1);
    return length -> mask;
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
}
