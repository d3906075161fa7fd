package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.nn.Trace;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import java.util.Arrays;
import java.util.List;

/**
 * Vectors that say of a woman what they say of a man: a text's and that of its {@link
 * Counterparts}. Scored, on texts that have counterparts, by the cosine between the two.
 */
record FairTask(List<Example> train, List<Example> valid) implements VectorTask {
  static FairTask of(List<ExampleFile.Row> train, List<ExampleFile.Row> valid, Tokens tokens) {
    List<ExampleFile.Row> speaking =
        valid.stream()
            .filter(row -> !Counterparts.of(row.require("text")).equals(row.require("text")))
            .toList();
    return new FairTask(examples(train, tokens), examples(speaking, tokens));
  }

  private static List<Example> examples(List<ExampleFile.Row> rows, Tokens tokens) {
    return rows.stream()
        .map(row -> row.require("text"))
        .map(text -> VectorTask.example(text, Counterparts.of(text), tokens))
        .toList();
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation("cosine of counterparts", true, () -> likeness(model, feed.epoch(0)));
  }

  private double likeness(Model model, Feed.Epoch<ExampleBatch> epoch) {
    double[] sums = new double[epoch.size()];
    SideBySide.runSteadily(
        sums.length,
        i -> {
          try (TensorScope scope = TensorScope.inference()) {
            PairObjective.Vectors both =
                PairObjective.vectors(model, epoch.load(i), Trace.NONE).unit();
            Tensor likeness = both.first().mul(both.second());
            sums[i] = likeness.sum().item();
          }
        });
    return Arrays.stream(sums).sum() / valid.size();
  }
}
