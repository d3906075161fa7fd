package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.nn.Trace;
import dev.heed.nn.loss.ContrastiveLoss;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.train.BatchLoss;
import dev.heed.train.Objective;

/**
 * Multiple negatives ranking of mean states (Henderson et al. 2017; Reimers and Gurevych 2019): a
 * batch's other second texts are the wrong answers.
 *
 * @param model without a head
 * @param loss with its temperature
 */
record PairObjective(Model model, ContrastiveLoss loss) implements Objective<ExampleBatch> {
  /** A temperature of 0.05, which is a scale of 20. */
  private static final double TEMPERATURE = 0.05;

  static PairObjective of(Model model) {
    return new PairObjective(model, new ContrastiveLoss(TEMPERATURE));
  }

  /**
   * Mean states of pairs, {@code [N, H]} each.
   *
   * @param first of the first texts
   * @param second of the second ones, in the same order
   */
  record Vectors(Tensor first, Tensor second) {
    /** The same of length 1. */
    Vectors unit() {
      return new Vectors(PairObjective.unit(first), PairObjective.unit(second));
    }
  }

  /** Rows of length 1. */
  static Tensor unit(Tensor rows) {
    return rows.div(rows.norm(-1, true).clamp(1e-12, Double.POSITIVE_INFINITY));
  }

  static Vectors vectors(Model model, ExampleBatch batch, Trace trace) {
    Tensor states = model.apply(batch.input(), trace).lastHiddenState().to(DType.F32);
    Tensor keep = batch.input().require("attention_mask").to(DType.F32).unsqueeze(-1);
    Tensor means = states.mul(keep).sum(1, false).div(keep.sum(1, false));
    long pairs = batch.examples().size();
    return new Vectors(means.narrow(0, 0, pairs), means.narrow(0, pairs, pairs));
  }

  @Override
  public BatchLoss of(ExampleBatch batch, Trace trace) {
    Vectors vectors = vectors(model, batch, trace);
    return new BatchLoss(
        loss.inBatch(vectors.first(), vectors.second()), batch.examples().size(), batch.tokens());
  }
}
