package dev.heed.attention.additive;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/** Recurrent cells on top of each other, run one step at a time. */
final class StackedCells extends Module {
  private static final Layout ONE = new Layout(1, false);

  private final CellKind kind;
  private final List<List<Tensor>> layers = new ArrayList<>();

  /** With parameters {@code layers.N.weight_ih}, {@code weight_hh}, {@code bias_ih}, …. */
  StackedCells(Weights weights, CellKind kind, long in, long hidden, int count) {
    super(weights);
    this.kind = kind;
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(hidden));
    long rows = kind.gates() * hidden;
    for (int layer = 0; layer < count; layer++) {
      Weights cell = weights.child("layers", layer);
      layers.add(
          List.of(
              cell.parameter("weight_ih", uniform, rows, layer == 0 ? in : hidden),
              cell.parameter("weight_hh", uniform, rows, hidden),
              cell.parameter("bias_ih", uniform, rows),
              cell.parameter("bias_hh", uniform, rows)));
    }
  }

  /**
   * One step.
   *
   * @param x {@code [B, 1, in]}
   * @param hidden {@code [layers, B, hidden]}
   * @param cell of the same shape; a GRU does not look at it
   */
  States step(Tensor x, Tensor hidden, Tensor cell) {
    return TensorScope.run(() -> {
      Tensor input = x;
      List<Tensor> newHidden = new ArrayList<>();
      List<Tensor> newCell = new ArrayList<>();
      for (int layer = 0; layer < layers.size(); layer++) {
        Tensor h = hidden.narrow(0, layer, 1).contiguous();
        Tensor c = cell.narrow(0, layer, 1).contiguous();
        States states =
            kind == CellKind.GRU
                ? Recurrent.gru(input, h, layers.get(layer), ONE)
                : Recurrent.lstm(input, h, c, layers.get(layer), ONE);
        input = states.outputs();
        newHidden.add(states.hidden());
        newCell.add(states.cell());
      }
      return new States(input, Tensor.cat(newHidden, 0), Tensor.cat(newCell, 0));
    });
  }
}
