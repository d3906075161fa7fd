package dev.heed.train;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scores that a run has reached, by how good they are.
 *
 * @param policy what a better score is, or null where nothing is scored
 * @param progress the scores
 */
record Ranking(@Nullable EvaluationPolicy policy, Progress progress) {
  /** The first of the best scores. */
  Optional<Progress.Scored> best() {
    return all().stream().findFirst();
  }

  /** From the best to the worst. */
  List<Progress.Scored> all() {
    return policy == null ? List.of() : policy.evaluation().ranked(progress.scores);
  }

  /** Whether a score would be the best. */
  boolean wouldLead(double score) {
    return policy != null
        && best().map(one -> policy.evaluation().isBetter(score, one.score())).orElse(true);
  }

  /** Whether so many scores were no better that the run is to end. */
  boolean patienceIsOver() {
    Progress.Scored best = best().orElse(null);
    if (policy == null || policy.patience() == 0 || best == null) {
      return false;
    }
    return progress.scores.size() - 1 - progress.scores.indexOf(best) >= policy.patience();
  }
}
