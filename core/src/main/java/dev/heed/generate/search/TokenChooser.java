package dev.heed.generate.search;

import dev.heed.generate.logits.ProcessorChain;
import dev.heed.generate.logits.Scores;

/** Chooses the next token of a sequence: the best, or one that is drawn. */
final class TokenChooser {
  private final boolean sample;
  private final ProcessorChain rules;
  private final ProcessorChain cuts;
  private final Uniforms uniforms;

  TokenChooser(SearchSettings settings) {
    this.sample = settings.config().sampling().doSample();
    this.rules = settings.rules();
    this.cuts = settings.cuts();
    this.uniforms = new Uniforms(settings.seed());
  }

  /**
   * Chooses.
   *
   * @param strand the sequence
   * @param number which of the sequences it is, for drawing
   * @param scores of what may follow; changed
   * @return the sequence and the token
   */
  Strand choose(Strand strand, int number, double[] scores) {
    rules.process(strand.prefix(), scores);
    if (sample) {
      cuts.process(strand.prefix(), scores);
    }
    double[] probabilities = Scores.softmax(scores);
    int generated = strand.tokens().size() - strand.prompt();
    int token =
        sample
            ? Uniforms.draw(probabilities, uniforms.at(number, generated, 0))
            : Scores.best(scores);
    double logProbability = Math.log(probabilities[token]);
    InvalidScoresException.require(logProbability, strand.input(), generated);
    return strand.plus(token, logProbability);
  }
}
