package dev.heed.generate.search;

import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.Candidates.Candidate;
import dev.heed.generate.search.Candidates.Followers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Beam search for sequences that contain given phrases: each step also tries the tokens that bring
 * a phrase on, and the beams are taken in turn from the banks of those that are equally far (Post
 * and Vilar 2018, "Fast Lexically Constrained Decoding with Dynamic Beam Allocation", section 3,
 * with banks by progress as in the reference library).
 *
 * <p>A hypothesis counts only once it holds all phrases; where none comes that far before the
 * limit, the best beams are handed back as they are.
 */
final class ConstrainedBeamSearch extends BeamSearch {
  /** What separates two banks where they are sorted with sums of log-probabilities. */
  private static final double BANK = 100;

  private final Constraints fresh;

  ConstrainedBeamSearch(Decoder decoder, Prompts prompts, SearchSettings settings) {
    super(decoder, prompts, settings);
    this.fresh = Constraints.of(settings.config().search().forceWordsIds());
  }

  /** A candidate and how far it has come. */
  private record Banked(Candidate candidate, Constraints state) {
    double rank() {
      return state.bank() * BANK + candidate.strand().sum();
    }
  }

  @Override
  void advance(BeamGroup group, List<Followers> followers) {
    int size = group.beams().size();
    List<Candidate> candidates = candidates(followers);
    List<Banked> all = new ArrayList<>();
    Set<Tokens> known = new HashSet<>();
    for (int rank = 0; rank < candidates.size(); rank++) {
      Candidate candidate = candidates.get(rank);
      Strand strand = candidate.strand();
      if (!group.ends(candidate)) {
        if (all.size() < size) {
          all.add(banked(candidate));
          known.add(strand.tokens());
        }
      } else if (rank < size && state(strand).done()) {
        group.hypotheses().add(strand, group.finish(candidate));
      }
    }
    for (Followers beam : followers) {
      Constraints state = state(beam.strand());
      for (int token : state.next()) {
        Candidate forced = Candidates.candidate(beam, token);
        if (known.add(forced.strand().tokens())) {
          all.add(banked(forced));
        }
      }
    }
    List<Candidate> running = inTurn(all, size);
    if (atLimit(running)) {
      finish(group, running);
    } else {
      group.continueWith(candidates, running);
    }
  }

  private static boolean atLimit(List<Candidate> running) {
    Strand first = running.getFirst().strand();
    return first.tokens().size() >= first.limit();
  }

  /** At the limit: beams that hold all phrases first, the best of the others if there is room. */
  private void finish(BeamGroup group, List<Candidate> running) {
    if (!group.done()) {
      for (boolean complete : new boolean[] {true, false}) {
        for (Candidate candidate : running) {
          boolean wanted = state(candidate.strand()).done() == complete;
          if (wanted && (complete || group.hypotheses().kept.isEmpty())) {
            group.hypotheses().add(candidate.strand(), Finish.LENGTH);
          }
        }
      }
    }
    group.hypotheses().end();
  }

  /** The best of each bank, then the second of each, and so on; the farthest bank first. */
  private static List<Candidate> inTurn(List<Banked> all, int size) {
    List<Banked> sorted =
        all.stream().sorted(Comparator.comparingDouble(Banked::rank).reversed()).toList();
    Map<Integer, Integer> seen = new HashMap<>();
    Map<Banked, Integer> turns = new HashMap<>();
    sorted.forEach(one -> turns.put(one, seen.merge(one.state().bank(), 1, Integer::sum)));
    return sorted.stream()
        .sorted(Comparator.comparing(turns::get))
        .limit(size)
        .map(Banked::candidate)
        .toList();
  }

  private Banked banked(Candidate candidate) {
    return new Banked(candidate, state(candidate.strand()));
  }

  private Constraints state(Strand strand) {
    return fresh.after(strand.tokens().toArray());
  }
}
