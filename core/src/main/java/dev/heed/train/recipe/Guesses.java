package dev.heed.train.recipe;

import dev.heed.evaluate.Confusion;
import dev.heed.model.Model;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.data.Feed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The classes that a model finds likeliest. */
final class Guesses {
  /**
   * Of one batch.
   *
   * @param guesses row by row, one an example or one a token
   * @param width how many an example has
   */
  record Batch(List<Example> examples, long[] guesses, int width) {}

  private Guesses() {}

  /** Runs a model over an epoch, batches side by side. */
  static List<Batch> of(Model model, Feed.Epoch<ExampleBatch> epoch) {
    @Nullable Batch[] batches = new @Nullable Batch[epoch.size()];
    SideBySide.runSteadily(
        batches.length,
        i -> {
          try (TensorScope scope = TensorScope.inference()) {
            ExampleBatch batch = epoch.load(i);
            Tensor guesses = model.apply(batch.input()).logits().argmax(-1, false);
            int width = Math.toIntExact(guesses.elements() / batch.examples().size());
            batches[i] = new Batch(batch.examples(), guesses.flatten(0, -1).toLongArray(), width);
          }
        });
    return Arrays.stream(batches).<Batch>map(Objects::requireNonNull).toList();
  }

  /** The share of an epoch's examples whose own class, of {@code classes}, is the likeliest. */
  static double accuracy(List<String> classes, Model model, Feed.Epoch<ExampleBatch> epoch) {
    List<String> actual = new ArrayList<>();
    List<String> predicted = new ArrayList<>();
    for (Batch batch : of(model, epoch)) {
      for (int row = 0; row < batch.examples().size(); row++) {
        actual.add(classes.get((int) batch.examples().get(row).labels()[0]));
        predicted.add(classes.get((int) batch.guesses()[row]));
      }
    }
    return Confusion.of(classes, actual, predicted).accuracy();
  }
}
