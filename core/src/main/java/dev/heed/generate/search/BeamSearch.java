package dev.heed.generate.search;

import dev.heed.generate.config.Convention;
import dev.heed.generate.config.SpecialTokens;
import dev.heed.generate.logits.ProcessorChain;
import dev.heed.generate.logits.Scores;
import dev.heed.generate.logits.Tokens;
import dev.heed.generate.search.Candidates.Candidate;
import dev.heed.generate.search.Candidates.Followers;
import dev.heed.generate.search.Hypotheses.Hypothesis;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search: the best few sequences go on side by side (Sutskever et al. 2014, "Sequence to
 * Sequence Learning with Neural Networks", section 3.2), in groups that avoid each other
 * (Vijayakumar et al. 2018, "Diverse Beam Search"), and with drawn candidates where the config
 * samples.
 *
 * <p>In each step every beam's scores become log-probabilities, pass the rules, and take up the
 * beam's sum. The best candidates go on; those that end become hypotheses.
 */
class BeamSearch implements Search {
  private final Decoder decoder;
  private final SearchSettings settings;
  private final ProcessorChain rules;
  private final ProcessorChain cuts;
  private final Uniforms uniforms;
  private final int[][] prompts;
  private final int beams;

  /** By input, then by group. */
  private final List<List<BeamGroup>> inputs = new ArrayList<>();

  private boolean begun;

  BeamSearch(Decoder decoder, Prompts prompts, SearchSettings settings) {
    this.decoder = decoder;
    this.settings = settings;
    this.rules = settings.rules();
    this.cuts = settings.cuts();
    this.uniforms = new Uniforms(settings.seed());
    this.prompts = prompts.tokens();
    this.beams = settings.config().search().numBeams();
    int groups = settings.config().search().numBeamGroups();
    for (Strand strand : Strand.of(prompts, settings)) {
      List<BeamGroup> ofInput = new ArrayList<>();
      for (int g = 0; g < groups; g++) {
        ofInput.add(new BeamGroup(settings, strand, g * (beams / groups), beams / groups));
      }
      inputs.add(ofInput);
    }
  }

  @Override
  public boolean step() {
    Continuation next = begun ? advance() : begin();
    int row = 0;
    for (List<BeamGroup> groups : inputs) {
      if (ended(groups)) {
        continue;
      }
      step(groups, next, row);
      row += begun ? beams : 1;
    }
    begun = true;
    return inputs.stream().anyMatch(groups -> !ended(groups));
  }

  private Continuation begin() {
    return decoder.feed(prompts, Decoder.Wanted.LAST_SCORES);
  }

  /** Rearranges the decoder's rows as the beams of the last step need them, and feeds those. */
  private Continuation advance() {
    List<Candidate> all = new ArrayList<>();
    for (List<BeamGroup> groups : inputs) {
      if (!ended(groups)) {
        groups.forEach(group -> all.addAll(group.beams()));
      }
    }
    decoder.select(all.stream().mapToInt(Candidate::row).toArray());
    int[][] last = all.stream().map(c -> new int[] {c.token()}).toArray(int[][]::new);
    return decoder.feed(last, Decoder.Wanted.LAST_SCORES);
  }

  private static boolean ended(List<BeamGroup> groups) {
    return groups.stream().allMatch(BeamGroup::done);
  }

  /** One input: its groups one after the other, each seeing what the earlier ones chose. */
  private void step(List<BeamGroup> groups, Continuation next, int firstRow) {
    List<Integer> rivals = new ArrayList<>();
    for (BeamGroup group : groups) {
      if (group.done()) {
        // the reference goes on with padding in the place of a group that is done
        rivals.addAll(Collections.nCopies(group.beams().size(), padding()));
        continue;
      }
      List<Followers> followers = new ArrayList<>();
      for (int b = 0; b < group.beams().size(); b++) {
        int beam = group.firstBeam() + b;
        Strand strand = group.beams().get(b).strand();
        followers.add(followers(strand, next, begun ? firstRow + beam : firstRow, beam, rivals));
      }
      advance(group, followers);
      group.beams().forEach(beam -> rivals.add(beam.token()));
    }
  }

  private int padding() {
    SpecialTokens tokens = settings.config().tokens();
    return tokens.padTokenId() == null && tokens.eosTokenId().isEmpty() ? 0 : tokens.padding();
  }

  private Followers followers(
      Strand strand, Continuation next, int row, int beam, List<Integer> rivals) {
    double[] steps = next.last(row).clone();
    Scores.logSoftmax(steps);
    rules.process(strand.prefix(rivals), steps);
    double[] sums = steps.clone();
    if (settings.config().sampling().doSample()) {
      cuts.process(strand.prefix(rivals), sums);
    }
    double best = Scores.REMOVED;
    for (int i = 0; i < sums.length; i++) {
      best = Math.max(best, sums[i]); // not a number if one of them is none
      sums[i] += strand.sum();
    }
    int generated = strand.tokens().size() - strand.prompt();
    InvalidScoresException.require(best, strand.input(), generated);
    return new Followers(strand, row, strand.input() * beams + beam, steps, sums);
  }

  /** Chooses the candidates of one group and hands them to it. */
  void advance(BeamGroup group, List<Followers> followers) {
    group.advance(candidates(followers));
  }

  /** As many candidates as surely leave a beam for each place that an end could take. */
  final List<Candidate> candidates(List<Followers> followers) {
    int ends = settings.config().tokens().eosTokenId().size();
    int count = Math.max(2, 1 + ends) * followers.size();
    List<Candidate> best =
        settings.config().sampling().doSample()
            ? Candidates.draw(followers, count, uniforms)
            : Candidates.best(followers, count);
    return best.stream().filter(c -> c.strand().sum() != Scores.REMOVED).toList();
  }

  @Override
  public List<List<Generated>> results() {
    int wanted = settings.config().search().numReturnSequences();
    return inputs.stream()
        .map(groups ->
            groups.stream()
                .flatMap(group -> group.best().stream())
                .sorted(Comparator.comparingDouble(Hypothesis::score).reversed())
                .limit(wanted)
                .map(this::generated)
                .toList())
        .toList();
  }

  private Generated generated(Hypothesis hypothesis) {
    Strand strand = hypothesis.strand();
    Tokens tokens = strand.tokens();
    if (hypothesis.finish() == Finish.END_TOKEN
        && settings.convention() == Convention.WHOLE_LENGTH_WITHOUT_END) {
      // that version closes every sequence with the first of several end tokens
      int first = settings.config().tokens().eosTokenId().getFirst();
      tokens = tokens.first(tokens.size() - 1).plus(first);
    }
    return new Generated(
        tokens, strand.prompt(), hypothesis.score(), strand.steps(), hypothesis.finish());
  }

  @Override
  public void close() {
    decoder.close();
  }
}
