package dev.heed.train.recipe;

import dev.heed.model.Model;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.Evaluation;
import dev.heed.train.data.Feed;
import java.util.ArrayList;
import java.util.List;

/**
 * Vectors of texts: those that belong together become alike, others of the batch unlike; scored by
 * how often, among all pairs, a first text's own partner is the nearest ({@code recall@1}).
 */
record PairsTask(List<Example> train, List<Example> valid) implements VectorTask {
  static PairsTask of(List<ExampleFile.Row> train, List<ExampleFile.Row> valid, Tokens tokens) {
    return new PairsTask(examples(train, tokens), examples(valid, tokens));
  }

  private static List<Example> examples(List<ExampleFile.Row> rows, Tokens tokens) {
    return rows.stream()
        .map(row -> VectorTask.example(row.require("first"), row.require("second"), tokens))
        .toList();
  }

  @Override
  public Evaluation evaluation(Model model, Feed<ExampleBatch> feed) {
    return new Evaluation(
        "recall@1",
        true,
        () -> {
          try (TensorScope scope = TensorScope.inference()) {
            List<Tensor> firsts = new ArrayList<>();
            List<Tensor> seconds = new ArrayList<>();
            Feed.Epoch<ExampleBatch> epoch = feed.epoch(0);
            for (int batch = 0; batch < epoch.size(); batch++) {
              PairObjective.Vectors vectors =
                  PairObjective.vectors(model, epoch.load(batch), Trace.NONE).unit();
              firsts.add(vectors.first());
              seconds.add(vectors.second());
            }
            Tensor scores = Tensor.cat(firsts, 0).matmul(Tensor.cat(seconds, 0).transpose(0, 1));
            long[] nearest = scores.argmax(-1, false).toLongArray();
            long right = 0;
            for (int i = 0; i < nearest.length; i++) {
              right += nearest[i] == i ? 1 : 0;
            }
            return (double) right / nearest.length;
          }
        });
  }
}
