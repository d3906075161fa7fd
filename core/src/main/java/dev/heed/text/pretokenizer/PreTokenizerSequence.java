package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import java.util.List;
import java.util.function.Consumer;

/**
 * Splitters one after another, each splitting the parts of the one before.
 *
 * @param steps in the order in which they are applied
 */
public record PreTokenizerSequence(List<PreTokenizer> steps) implements PreTokenizer {
  /** Copies the list. */
  public PreTokenizerSequence {
    steps = List.copyOf(steps);
  }

  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    Consumer<AlignedText> next = parts;
    for (PreTokenizer step : steps.reversed()) {
      Consumer<AlignedText> after = next;
      next = part -> step.split(part, after);
    }
    next.accept(text);
  }
}
