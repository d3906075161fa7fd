package dev.heed.mixer.catalogue;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.DifferentialAttention;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.MaskedMixer;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.additive.AdditiveHeads;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.ShawRelativePositions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Softmax attention over all keys, with and without positions in the scores. */
final class SoftmaxMixers {
  private static final double ROTARY_BASE = 10_000;

  /** Beyond so many tokens all distances are alike (Shaw et al. 2018, section 4.3). */
  private static final int FARTHEST = 16;

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
              true,
              SoftmaxMixers::exact),
          new MixerEntry(
              "causal-attention",
              "causal-attention",
              "Causal attention",
              Growth.QUADRATIC,
              Exactness.EXACT,
              Direction.CAUSAL,
              false,
              true,
              SoftmaxMixers::exact),
          new MixerEntry(
              "rotary-positions",
              "rotary-positions",
              "Attention with rotary positions",
              Growth.QUADRATIC,
              Exactness.OTHER_SCORES,
              Direction.EITHER,
              false,
              true,
              SoftmaxMixers::rotary),
          new MixerEntry(
              "shaw-relative-positions",
              "shaw-relative-positions",
              "Attention with Shaw's relative positions",
              Growth.QUADRATIC,
              Exactness.OTHER_SCORES,
              Direction.EITHER,
              false,
              true,
              SoftmaxMixers::shaw),
          new MixerEntry(
              "relative-key-positions",
              "relative-key-positions",
              "Attention with relative keys",
              Growth.QUADRATIC,
              Exactness.OTHER_SCORES,
              Direction.EITHER,
              false,
              true,
              SoftmaxMixers::relativeKeys),
          new MixerEntry(
              "bahdanau",
              "bahdanau",
              "Additive self-attention",
              Growth.QUADRATIC,
              Exactness.OTHER_SCORES,
              Direction.EITHER,
              false,
              true,
              SoftmaxMixers::additive),
          new MixerEntry(
              "differential-attention",
              "differential-attention",
              "Differential attention",
              Growth.QUADRATIC,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              false,
              true,
              SoftmaxMixers::differential),
          new MixerEntry(
              "gated-attention",
              "gated-attention",
              "Gated attention",
              Growth.QUADRATIC,
              Exactness.EXACT,
              Direction.EITHER,
              false,
              true,
              SoftmaxMixers::gated));

  private SoftmaxMixers() {}

  private static SequenceMixer exact(Weights weights, MixerShape shape) {
    return heads(weights, shape, new ScaledDotProduct(), null);
  }

  private static SequenceMixer rotary(Weights weights, MixerShape shape) {
    long rotated = shape.headSize() / 2 * 2L;
    RotaryPositions positions = new RotaryPositions(PairLayout.HALF_SPLIT, rotated, ROTARY_BASE);
    return heads(weights, shape, new ScaledDotProduct(), positions);
  }

  private static SequenceMixer shaw(Weights weights, MixerShape shape) {
    long distances = 2L * FARTHEST + 1;
    Initializer uniform = Initializer.xavier(distances, shape.headSize());
    ShawRelativePositions positions =
        new ShawRelativePositions(
            weights.parameter("distance_keys", uniform, distances, shape.headSize()),
            weights.parameter("distance_values", uniform, distances, shape.headSize()));
    return heads(weights, shape, RelativeAttention.of(positions, Double.NaN, new Dropout(0)), null);
  }

  private static SequenceMixer relativeKeys(Weights weights, MixerShape shape) {
    long distances = 2L * shape.maxLength() - 1;
    Initializer normal = Initializer.normal(1 / Math.sqrt(shape.headSize()));
    RelativeKeyPositions positions =
        new RelativeKeyPositions(
            weights.parameter("distance_embedding", normal, distances, shape.headSize()), true);
    return heads(weights, shape, RelativeAttention.of(positions, Double.NaN, new Dropout(0)), null);
  }

  private static SequenceMixer additive(Weights weights, MixerShape shape) {
    return heads(weights, shape, new AdditiveHeads(weights, shape.heads(), shape.headSize()), null);
  }

  /** Heads half as wide as attention's, each with two maps, as in a first layer. */
  private static SequenceMixer differential(Weights weights, MixerShape shape) {
    DifferentialAttention layer =
        new DifferentialAttention(
            weights,
            new DifferentialAttention.Config(
                shape.size(),
                shape.heads(),
                Math.max(1, shape.headSize() / 2),
                DifferentialAttention.lambdaInit(0)));
    return shape.causal() ? new MaskedMixer(layer, length -> AttentionMask.causal()) : layer;
  }

  private static SequenceMixer gated(Weights weights, MixerShape shape) {
    HeadSizes sizes = new HeadSizes(shape.size(), shape.heads(), shape.heads(), shape.headSize());
    MultiHeadAttention layer =
        new MultiHeadAttention(weights, HeadProjections.gated(weights, sizes, true), shape.heads());
    return shape.causal() ? new MaskedMixer(layer, length -> AttentionMask.causal()) : layer;
  }

  /** Any mechanism in a multi-head layer, under a causal mask where the shape is causal. */
  static SequenceMixer heads(
      Weights weights,
      MixerShape shape,
      AttentionMechanism mechanism,
      @Nullable RotaryPositions rotary) {
    MultiHeadAttention layer =
        new MultiHeadAttention(
            weights, HeadProjections.of(weights, shape.size()), shape.heads(), mechanism, rotary);
    return shape.causal() ? new MaskedMixer(layer, length -> AttentionMask.causal()) : layer;
  }
}
