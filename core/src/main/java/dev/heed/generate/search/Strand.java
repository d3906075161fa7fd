package dev.heed.generate.search;

import dev.heed.generate.logits.Prefix;
import dev.heed.generate.logits.Tokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sequence while it is looked for: its tokens, how they were chosen, and the sum of their
 * log-probabilities. Immutable; heirs share what they have in common.
 *
 * @param input which prompt it answers
 * @param tokens so far, the prompt included
 * @param prompt how many were given
 * @param limit the length at which it must end
 * @param sum of the log-probabilities, and of what a search adds to them
 * @param trail the last choice, with those before it
 */
record Strand(int input, Tokens tokens, int prompt, int limit, double sum, @Nullable Trail trail) {
  /** A choice and those before it. */
  record Trail(Generated.Step step, @Nullable Trail before) {}

  /** The strands that prompts begin. */
  static List<Strand> of(Prompts prompts, SearchSettings settings) {
    List<Strand> strands = new ArrayList<>();
    for (int r = 0; r < prompts.rows(); r++) {
      Tokens tokens = prompts.row(r, settings.paddingCounts());
      int limit = settings.config().lengths().limit(tokens.size());
      strands.add(new Strand(r, tokens, tokens.size(), limit, 0, null));
    }
    return strands;
  }

  /** This strand and a token more. */
  Strand plus(Generated.Step step, double sum) {
    return new Strand(input, tokens.plus(step.token()), prompt, limit, sum, new Trail(step, trail));
  }

  Strand plus(int token, double logProbability) {
    return plus(new Generated.Step(token, logProbability, 0), sum + logProbability);
  }

  Strand withSum(double changed) {
    return new Strand(input, tokens, prompt, limit, changed, trail);
  }

  Prefix prefix() {
    return new Prefix(tokens, prompt, limit, input);
  }

  Prefix prefix(List<Integer> rivals) {
    return new Prefix(tokens, prompt, limit, input, rivals);
  }

  List<Generated.Step> steps() {
    List<Generated.Step> steps = new ArrayList<>();
    for (Trail at = trail; at != null; at = at.before()) {
      steps.add(at.step());
    }
    Collections.reverse(steps);
    return steps;
  }

  Generated generated(Finish finish) {
    return new Generated(tokens, prompt, sum, steps(), finish);
  }
}
