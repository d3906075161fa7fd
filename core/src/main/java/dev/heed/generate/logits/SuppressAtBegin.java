package dev.heed.generate.logits;

import java.util.List;

/**
 * Removes tokens that shall not come first.
 *
 * @param tokens their numbers
 * @param forced how many tokens are commanded by place before the first that is free
 * @param forcedBos whether a token is commanded after a sequence's single first one
 */
public record SuppressAtBegin(List<Integer> tokens, int forced, boolean forcedBos)
    implements LogitsProcessor {
  /** Copies the tokens. */
  public SuppressAtBegin {
    tokens = List.copyOf(tokens);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    int commanded = forced + (forcedBos && prefix.prompt() == 1 ? 1 : 0);
    if (prefix.generated() == commanded) {
      Suppress.remove(scores, "begin_suppress_tokens", tokens);
    }
  }
}
