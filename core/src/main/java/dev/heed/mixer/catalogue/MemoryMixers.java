package dev.heed.mixer.catalogue;

import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.memory.CompressiveAttention;
import dev.heed.mixer.memory.RelativeMemoryAttention;
import dev.heed.mixer.memory.SegmentMixer;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;

/** Attention to a segment and a memory of those before it. */
final class MemoryMixers {
  private static final int COMPRESSION = 4;

  static final List<MixerEntry> ALL =
      List.of(
          new MixerEntry(
              "transformer-xl",
              "transformer-xl",
              "Transformer-XL",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.OTHER_SCORES,
              Direction.CAUSAL,
              false,
              false,
              MemoryMixers::transformerXl),
          new MixerEntry(
              "compressive-transformer",
              "compressive-transformer",
              "Compressive Transformer",
              Growth.LINEAR_TIMES_WINDOW,
              Exactness.OTHER_SCORES,
              Direction.CAUSAL,
              false,
              false,
              MemoryMixers::compressive));

  private MemoryMixers() {}

  private static SequenceMixer transformerXl(Weights weights, MixerShape shape) {
    return SegmentMixer.transformerXl(
        new RelativeMemoryAttention(
            weights,
            weights,
            new RelativeMemoryAttention.Kind(shape.size(), shape.heads(), shape.headSize())),
        shape.block(),
        shape.window());
  }

  /** As many compressed steps as steps in the memory. */
  private static SequenceMixer compressive(Weights weights, MixerShape shape) {
    CompressiveAttention attention =
        new CompressiveAttention(
            weights,
            new CompressiveAttention.Size(
                shape.size(), shape.heads(), shape.window(), shape.window(), COMPRESSION));
    Tensor positions =
        weights.parameter(
            "positions",
            Initializer.normal(0.02),
            shape.heads(),
            2L * shape.window() + shape.block(),
            shape.headSize());
    return SegmentMixer.compressive(attention, shape.block(), positions);
  }
}
