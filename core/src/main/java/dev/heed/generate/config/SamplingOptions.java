package dev.heed.generate.config;

/**
 * How a token is drawn; the names of the rules in {@code dev.heed.generate.logits}.
 *
 * @param doSample whether tokens are drawn at all, rather than the best taken
 * @param temperature 1 leaves scores as they are
 * @param topK 0 switches it off
 * @param topP 1 switches it off
 * @param minP 0 switches it off
 * @param typicalP 1 switches it off
 * @param epsilonCutoff 0 switches it off
 * @param etaCutoff 0 switches it off
 */
public record SamplingOptions(
    boolean doSample,
    double temperature,
    int topK,
    double topP,
    double minP,
    double typicalP,
    double epsilonCutoff,
    double etaCutoff) {
  /** What holds where a config does not say. */
  public static final SamplingOptions DEFAULTS = new SamplingOptions(false, 1, 50, 1, 0, 1, 0, 0);

  /** Checks the numbers. */
  public SamplingOptions {
    Options.require(!doSample || temperature > 0, "temperature", "above 0", temperature);
    Options.require(topK >= 0, "top_k", "at least 0", topK);
    Options.require(topP > 0 && topP <= 1, "top_p", "above 0 and at most 1", topP);
    Options.require(minP >= 0 && minP <= 1, "min_p", "from 0 to 1", minP);
    Options.require(typicalP > 0 && typicalP <= 1, "typical_p", "above 0, at most 1", typicalP);
    Options.require(
        epsilonCutoff >= 0 && epsilonCutoff < 1,
        "epsilon_cutoff",
        "from 0, below 1",
        epsilonCutoff);
    Options.require(etaCutoff >= 0 && etaCutoff < 1, "eta_cutoff", "from 0, below 1", etaCutoff);
  }
}
