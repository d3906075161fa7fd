package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import java.util.List;

/**
 * Normalisers one after another.
 *
 * @param steps in the order in which they are applied
 */
public record NormalizerSequence(List<Normalizer> steps) implements Normalizer {
  /** Copies the list. */
  public NormalizerSequence {
    steps = List.copyOf(steps);
  }

  @Override
  public AlignedText normalize(AlignedText text) {
    AlignedText result = text;
    for (Normalizer step : steps) {
      result = step.normalize(result);
    }
    return result;
  }
}
