package dev.heed.generate.search;

import dev.heed.generate.search.Candidates.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The beams of one input in one group, and the hypotheses they have finished. */
final class BeamGroup {
  /** How much worse than the first beam the others begin, so that they do not repeat it. */
  private static final double NOT_YET = -1e9;

  private final SearchSettings settings;
  private final Hypotheses hypotheses;
  private final int firstBeam;
  private final int size;

  /** The beams that go on, and the decoder's row of what each comes from. */
  private List<Candidate> beams = new ArrayList<>();

  /**
   * A group before its first step.
   *
   * @param prompt what every beam begins with; its row is that of its input
   * @param firstBeam which beam of the input is the group's first
   * @param size how many there are
   */
  BeamGroup(SearchSettings settings, Strand prompt, int firstBeam, int size) {
    this.settings = settings;
    this.firstBeam = firstBeam;
    this.size = size;
    this.hypotheses = Hypotheses.of(settings, size);
    for (int i = 0; i < size; i++) {
      beams.add(new Candidate(prompt.withSum(i == 0 ? 0 : NOT_YET), prompt.input()));
    }
  }

  /** The beams that go on, best first. */
  List<Candidate> beams() {
    return beams;
  }

  /** The number of the group's first beam among those of its input. */
  int firstBeam() {
    return firstBeam;
  }

  Hypotheses hypotheses() {
    return hypotheses;
  }

  /** Whether no further step is taken. */
  boolean done() {
    return hypotheses.done();
  }

  /**
   * Goes a step on.
   *
   * @param candidates best first; each that ends counts only among the first, as many as beams
   */
  void advance(List<Candidate> candidates) {
    List<Candidate> running = new ArrayList<>();
    for (int rank = 0; rank < candidates.size(); rank++) {
      Candidate candidate = candidates.get(rank);
      if (ends(candidate)) {
        if (rank < size) {
          hypotheses.add(candidate.strand(), finish(candidate));
        }
      } else if (running.size() < size) {
        running.add(candidate);
      }
    }
    continueWith(candidates, running);
  }

  /**
   * Goes on with these beams.
   *
   * @param candidates of this step, best first
   * @param running those of them that go on, at most as many as beams
   */
  void continueWith(List<Candidate> candidates, List<Candidate> running) {
    if (running.isEmpty()) {
      hypotheses.end();
      return;
    }
    List<Strand> leading =
        candidates.stream().limit(size).filter(c -> !ends(c)).map(Candidate::strand).toList();
    hypotheses.advance(
        candidates.getFirst().strand().sum(),
        running.stream().map(Candidate::strand).toList(),
        leading);
    // where rules left fewer candidates than beams, the first stands in, behind all others
    List<Candidate> full = new ArrayList<>(running);
    Candidate first = running.getFirst();
    Candidate standIn = new Candidate(first.strand().withSum(NOT_YET), first.row());
    full.addAll(Collections.nCopies(size - running.size(), standIn));
    beams = full;
  }

  /** Whether a candidate has chosen its last token of its own. */
  boolean ends(Candidate candidate) {
    Finish finish = finish(candidate);
    return finish == Finish.END_TOKEN || finish == Finish.STOPPED;
  }

  Finish finish(Candidate candidate) {
    Strand strand = candidate.strand();
    return settings.finish(strand.tokens(), strand.prompt(), strand.limit());
  }

  /** The hypotheses; of a search that was stopped, the beams that run too. */
  List<Hypotheses.Hypothesis> best() {
    Hypotheses all = Hypotheses.of(settings, size);
    all.kept.addAll(hypotheses.kept);
    if (!done()) {
      beams.stream()
          .filter(beam -> beam.strand().sum() > NOT_YET / 2)
          .forEach(beam -> all.add(beam.strand(), Finish.UNFINISHED));
    }
    return all.kept;
  }
}
