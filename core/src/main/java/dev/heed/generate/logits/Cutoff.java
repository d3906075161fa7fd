package dev.heed.generate.logits;

/** Removes what is less likely than a threshold, but never the best few. */
final class Cutoff {
  private Cutoff() {}

  static void remove(double[] scores, double[] probabilities, double threshold, int least) {
    double kept = Scores.kthLargest(scores, least);
    for (int i = 0; i < scores.length; i++) {
      if (probabilities[i] < threshold && scores[i] < kept) {
        scores[i] = Scores.REMOVED;
      }
    }
  }
}
