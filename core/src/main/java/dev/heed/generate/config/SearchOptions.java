package dev.heed.generate.config;

import java.util.List;

/**
 * How the next tokens are looked for.
 *
 * @param numBeams hypotheses followed side by side; 1 for greedy search and sampling
 * @param numBeamGroups groups that the beams are divided into, each avoiding what the others choose
 * @param diversityPenalty what a token loses for each earlier group that chose it
 * @param lengthPenalty exponent of the length by which a hypothesis' sum is divided
 * @param earlyStopping when a beam search stops
 * @param numReturnSequences results for each input
 * @param penaltyAlpha weight of the similarity to what came before, in contrastive search; 0: none
 * @param forceWordsIds what must occur: each one of several alternatives, each a sequence of tokens
 */
public record SearchOptions(
    int numBeams,
    int numBeamGroups,
    double diversityPenalty,
    double lengthPenalty,
    EarlyStopping earlyStopping,
    int numReturnSequences,
    double penaltyAlpha,
    List<List<List<Integer>>> forceWordsIds) {
  /** What holds where a config does not say. */
  public static final SearchOptions DEFAULTS =
      new SearchOptions(1, 1, 0, 1, EarlyStopping.FALSE, 1, 0, List.of());

  /** Checks the numbers. */
  public SearchOptions {
    Options.require(numBeams >= 1, "num_beams", "at least 1", numBeams);
    Options.require(
        numBeamGroups >= 1 && numBeams % numBeamGroups == 0,
        "num_beam_groups",
        "a divisor of num_beams, " + numBeams,
        numBeamGroups);
    Options.require(diversityPenalty >= 0, "diversity_penalty", "at least 0", diversityPenalty);
    Options.require(!Double.isNaN(lengthPenalty), "length_penalty", "a number", lengthPenalty);
    Options.require(
        numReturnSequences >= 1, "num_return_sequences", "at least 1", numReturnSequences);
    Options.require(
        penaltyAlpha >= 0 && penaltyAlpha <= 1,
        "penalty_alpha",
        "a number from 0 to 1",
        penaltyAlpha);
    forceWordsIds =
        forceWordsIds.stream()
            .map(alternatives -> alternatives.stream().map(List::copyOf).toList())
            .toList();
    Options.require(
        forceWordsIds.stream()
            .allMatch(alternatives ->
                !alternatives.isEmpty() && alternatives.stream().noneMatch(List::isEmpty)),
        "force_words_ids",
        "sequences of a token or more",
        forceWordsIds);
  }
}
