package dev.heed.generate.search;

import dev.heed.generate.logits.Scores;
import java.util.ArrayList;
import java.util.List;

/** The best heirs of an input's beams. */
final class Candidates {
  private Candidates() {}

  /**
   * What may follow one beam.
   *
   * @param strand the beam
   * @param row its row of the decoder
   * @param index its number over the whole batch
   * @param steps log-probabilities of what may follow, one a token
   * @param sums the same and what the beam brings along, after the cuts of sampling
   */
  record Followers(Strand strand, int row, int index, double[] steps, double[] sums) {}

  /**
   * One heir.
   *
   * @param strand with the new token
   * @param row the decoder's row of the beam it comes from
   */
  record Candidate(Strand strand, int row) {
    int token() {
      return strand.tokens().last();
    }
  }

  /** The candidates of the largest sums over all beams, best first. */
  static List<Candidate> best(List<Followers> beams, int count) {
    double[] all = flat(beams);
    List<Candidate> best = new ArrayList<>();
    for (int at : Scores.best(all, count)) {
      best.add(candidate(beams, at));
    }
    return best;
  }

  /**
   * Candidates drawn without replacement, by the probabilities that the sums stand for; best first.
   *
   * @param uniforms where the numbers come from
   */
  static List<Candidate> draw(List<Followers> beams, int count, Uniforms uniforms) {
    double[] left = flat(beams);
    Strand first = beams.getFirst().strand();
    int place = first.tokens().size() - first.prompt();
    List<Candidate> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] probabilities = Scores.softmax(left);
      int at = Uniforms.draw(probabilities, uniforms.at(first.input(), place, i));
      if (probabilities[at] == 0) {
        break; // fewer tokens are left than candidates are wanted
      }
      drawn.add(candidate(beams, at));
      left[at] = Scores.REMOVED;
    }
    drawn.sort((a, b) -> Double.compare(b.strand().sum(), a.strand().sum()));
    return drawn;
  }

  private static double[] flat(List<Followers> beams) {
    int width = beams.getFirst().sums().length;
    double[] all = new double[width * beams.size()];
    for (int b = 0; b < beams.size(); b++) {
      System.arraycopy(beams.get(b).sums(), 0, all, b * width, width);
    }
    return all;
  }

  private static Candidate candidate(List<Followers> beams, int at) {
    int width = beams.getFirst().sums().length;
    return candidate(beams.get(at / width), at % width);
  }

  /** The heir of a beam by one token. */
  static Candidate candidate(Followers beam, int token) {
    Generated.Step step = new Generated.Step(token, beam.steps()[token], beam.index());
    return new Candidate(beam.strand().plus(step, beam.sums()[token]), beam.row());
  }
}
