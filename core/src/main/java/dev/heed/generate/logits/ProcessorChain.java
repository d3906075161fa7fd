package dev.heed.generate.logits;

import java.util.List;

/**
 * Processors in their order.
 *
 * @param processors each works on what those before it leave
 */
public record ProcessorChain(List<LogitsProcessor> processors) implements LogitsProcessor {
  /** Copies the list. */
  public ProcessorChain {
    processors = List.copyOf(processors);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    processors.forEach(processor -> processor.process(prefix, scores));
  }
}
