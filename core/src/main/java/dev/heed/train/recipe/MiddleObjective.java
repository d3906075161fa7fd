package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.nn.Trace;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.train.BatchLoss;
import dev.heed.train.Objective;

/**
 * A text's vector and its counterpart's both move to the middle of the two that a teacher gives,
 * which for a text without a counterpart is the teacher's own: {@code ‖u - m‖² + ‖v - m‖²} with
 * {@code m} the mean of the teacher's two, all of length 1. What differs is forgotten, what does
 * not is kept, as by a student (Hinton et al. 2015).
 *
 * @param model learns, without a head
 * @param teacher stays as it is
 */
record MiddleObjective(Model model, Model teacher) implements Objective<ExampleBatch> {
  @Override
  public BatchLoss of(ExampleBatch batch, Trace trace) {
    PairObjective.Vectors own = PairObjective.vectors(model, batch, trace).unit();
    ExampleBatch again = new ExampleBatch(batch.again(), batch.examples(), batch.labels());
    Tensor middle =
        Gradients.disabled(() -> {
          PairObjective.Vectors known = PairObjective.vectors(teacher, again, Trace.NONE).unit();
          return PairObjective.unit(known.first().add(known.second()));
        });
    Tensor off =
        own.first().sub(middle).square().sum().add(own.second().sub(middle).square().sum());
    int pairs = batch.examples().size();
    return new BatchLoss(off.div(pairs), pairs, batch.tokens());
  }
}
