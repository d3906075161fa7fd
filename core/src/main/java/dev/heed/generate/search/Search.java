package dev.heed.generate.search;

import dev.heed.generate.config.GenerationConfig;
import dev.heed.generate.config.SearchOptions;
import java.util.List;

/** A search in progress: {@link #step} by step until nothing is left to do. */
public interface Search extends AutoCloseable {
  /**
   * Chooses one token more for every sequence that has not ended.
   *
   * @return whether there is a further step
   */
  boolean step();

  /**
   * What there is, finished or not.
   *
   * @return for each input its results, best first
   */
  List<List<Generated>> results();

  /** Frees the decoder. */
  @Override
  void close();

  /** Takes all steps and hands back the results. */
  default List<List<Generated>> finish() {
    boolean more = true;
    while (more) {
      more = step();
    }
    return results();
  }

  /**
   * Begins the search that a config asks for: greedy, sampling, beams (in groups, under
   * constraints, by sampling) or contrastive.
   *
   * @param decoder fresh, with a row for each prompt; the search owns it and closes it, at once if
   *     it cannot begin
   * @param prompts what sequences begin with
   * @param settings all else
   * @throws IllegalArgumentException if options exclude each other
   */
  static Search start(Decoder decoder, Prompts prompts, SearchSettings settings) {
    try {
      return choose(decoder, prompts, settings);
    } catch (RuntimeException e) {
      decoder.close();
      throw e;
    }
  }

  private static Search choose(Decoder decoder, Prompts prompts, SearchSettings settings) {
    GenerationConfig config = settings.config();
    SearchOptions options = config.search();
    boolean sample = config.sampling().doSample();
    boolean beams = options.numBeams() > 1;
    boolean groups = options.numBeamGroups() > 1;
    boolean forced = !options.forceWordsIds().isEmpty();
    boolean contrastive = options.penaltyAlpha() > 0;
    require(
        decoder.rows() == prompts.rows(),
        "prompts",
        "one for each of the decoder's rows, " + decoder.rows(),
        prompts.rows());
    require(!beams || !contrastive, "penalty_alpha", "num_beams of 1", options.numBeams());
    require(!sample || !contrastive, "penalty_alpha", "no do_sample", true);
    require(!sample || !groups, "num_beam_groups", "no do_sample", true);
    require(!forced || beams, "force_words_ids", "num_beams above 1", options.numBeams());
    require(!forced || !sample && !groups, "force_words_ids", "no sampling and no groups", "such");
    require(
        groups == options.diversityPenalty() > 0,
        "diversity_penalty",
        "above 0 with num_beam_groups above 1, else 0",
        options.diversityPenalty());
    require(
        options.numReturnSequences() <= options.numBeams() || sample && !beams,
        "num_return_sequences",
        "at most num_beams, " + options.numBeams() + ", unless sampling without beams",
        options.numReturnSequences());
    if (contrastive) {
      return new ContrastiveSearch(decoder, prompts, settings);
    }
    if (forced) {
      return new ConstrainedBeamSearch(decoder, prompts, settings);
    }
    return beams
        ? new BeamSearch(decoder, prompts, settings)
        : new TokenLoop(decoder, prompts, settings);
  }

  private static void require(boolean holds, String key, String expected, Object got) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": expected " + expected + ", got " + got);
    }
  }
}
