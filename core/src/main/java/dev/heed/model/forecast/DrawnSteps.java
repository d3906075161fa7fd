package dev.heed.model.forecast;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws futures step by step, each from the distribution that the steps drawn before it lead to
 * (Salinas et al. 2020, section 3.2).
 *
 * @param model gives {@code params} of the steps in {@code future_values}
 * @param config its sizes
 * @param head what the parameters are of
 * @param stepwise whether a state may be kept; without one all steps are decoded anew for each
 */
public record DrawnSteps(Model model, SeriesConfig config, PredictionHead head, boolean stepwise) {
  /**
   * Draws.
   *
   * @param input as {@link SeriesModel#futures} says
   * @return {@code [B, futures, prediction, C]}
   */
  public Tensor draw(ModelInput input, int futures, List<Generator> random) {
    if (config.lagsSequence().contains(0)) {
      throw new UnsupportedOperationException(
          "forecast: expected lags_sequence from 1 on, got "
              + config.lagsSequence()
              + ": a step cannot read its own value before it is known");
    }
    return TensorScope.run(() -> {
      Tensor past = input.require("past_values");
      long series = past.size(0);
      ModelInput repeated = repeated(input, futures);
      try (DecodeState state = new DecodeState()) {
        List<Tensor> drawn = new ArrayList<>();
        for (int step = 0; step < config.predictionLength(); step++) {
          // The first step is the same for all futures of a series.
          boolean shared = step == 0 && stepwise;
          Tensor known = known(past, shared ? series : series * futures, drawn);
          ModelInput call = (shared ? input : repeated).with("future_values", known);
          Outlook next = head.outlook(model.apply(stepwise ? call.with(state) : call)).last(1);
          if (shared) {
            next = next.repeated(futures);
            state.reorder(rows(series, futures));
          }
          drawn.add(next.draw(random));
        }
        Tensor all = Tensor.cat(drawn, 1).unflatten(0, series, futures);
        return all.rank() == 3 ? all.unsqueeze(-1) : all;
      }
    });
  }

  private static Tensor rows(long batch, long times) {
    return Tensor.arange(batch, DType.I64).repeatInterleave(times, 0);
  }

  private static ModelInput repeated(ModelInput input, long times) {
    Map<String, Tensor> more = new LinkedHashMap<>();
    input.tensors().forEach((name, value) -> more.put(name, value.repeatInterleave(times, 0)));
    return ModelInput.of(more);
  }

  /** The steps drawn so far, and one that is not known yet. */
  private static Tensor known(Tensor past, long rows, List<Tensor> drawn) {
    List<Tensor> steps = new ArrayList<>(drawn);
    long[] sizes = past.shape().toArray();
    sizes[0] = rows;
    sizes[1] = 1;
    steps.add(Tensor.zeros(Shape.of(sizes), past.dtype()));
    return Tensor.cat(steps, 1);
  }
}
