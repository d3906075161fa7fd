package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.nn.loss.Distillation;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.train.BatchLoss;
import dev.heed.train.Objective;
import org.jspecify.annotations.Nullable;

/**
 * A model's loss on labelled batches: its own, smoothed, or mixed with a teacher's scores; the mean
 * over the labels that count.
 *
 * @param model learns
 * @param next whether a place predicts the label of the next one
 * @param smoothing ε of the cross entropy
 * @param teacher whose scores are learned too, or null
 * @param mixture how
 */
record ModelObjective(
    Model model,
    boolean next,
    double smoothing,
    @Nullable Model teacher,
    @Nullable Distillation mixture)
    implements Objective<ExampleBatch> {
  static ModelObjective of(Model model, boolean next) {
    return new ModelObjective(model, next, 0, null, null);
  }

  @Override
  public BatchLoss of(ExampleBatch batch, Trace trace) {
    return new BatchLoss(loss(batch, trace), Targets.counted(batch.labels(), next), batch.tokens());
  }

  private Tensor loss(ExampleBatch batch, Trace trace) {
    if (teacher == null && smoothing == 0) {
      return model.apply(batch.input(), trace, Wanted.LOSS).loss();
    }
    Tensor scores = model.apply(batch.input(), trace, Wanted.SCORES).logits();
    Targets own = Targets.of(scores, batch.labels(), next);
    if (teacher == null || mixture == null) {
      return CrossEntropy.smoothed(smoothing).apply(own.logits(), own.labels());
    }
    Tensor known =
        Gradients.disabled(() -> teacher.apply(batch.again(), Trace.NONE, Wanted.SCORES).logits());
    Targets taught = Targets.of(known, batch.labels(), next);
    return mixture.apply(own.logits(), taught.logits(), own.labels()).loss();
  }
}
