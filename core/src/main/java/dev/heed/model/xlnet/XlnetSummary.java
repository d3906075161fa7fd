package dev.heed.model.xlnet;

import dev.heed.model.Run;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One state for a text: {@code activation(map(state))}.
 *
 * @param type {@code last}, {@code first} or {@code mean} of the states
 * @param map or null for none
 * @param activation after it
 * @param dropout after that, while training
 */
record XlnetSummary(String type, @Nullable Linear map, Activation activation, Dropout dropout) {
  static XlnetSummary of(Weights root, XlnetConfig config) {
    Linear map =
        config.summaryUseProj()
            ? Linear.of(root.child("sequence_summary.summary"), config.dModel(), config.dModel())
            : null;
    String activation = config.summaryActivation();
    return new XlnetSummary(
        config.summaryType(),
        map,
        activation == null ? Activation.LINEAR : Activation.named(activation),
        new Dropout(config.summaryLastDropout()));
  }

  /** {@code [B, H]} of states {@code [B, T, H]}. */
  Tensor apply(Run run, Tensor hidden) {
    Tensor one =
        switch (type) {
          case "first" -> hidden.select(1, 0);
          case "mean" -> hidden.mean(1, false);
          default -> hidden.select(1, -1);
        };
    Tensor mapped = map == null ? one : map.apply(one);
    return dropout.apply(activation.apply(mapped), run.trace());
  }
}
