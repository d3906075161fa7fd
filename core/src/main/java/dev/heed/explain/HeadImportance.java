package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How much a loss depends on each head, by a switch ξ on its output that is at 1 (Michel, Levy and
 * Neubig, Are Sixteen Heads Really Better than One?, NeurIPS 2019, section 4).
 *
 * @param gradients {@code ∂ loss / ∂ξ [examples, layers, heads]}
 */
public record HeadImportance(Tensor gradients) {
  /**
   * Runs each example once.
   *
   * @param points where the heads' outputs pass in a run, first layer first, for example {@code
   *     encoder.layer.0.attention.self.z}; {@code [batch, heads, tokens, size]}
   * @param losses for each example: runs the model with this trace and gives its loss
   * @throws IllegalArgumentException if a run does not pass a point
   */
  public static HeadImportance of(List<String> points, List<Function<Trace, Tensor>> losses) {
    return TensorScope.run(() ->
        new HeadImportance(
            Tensor.stack(losses.stream().map(loss -> gradients(points, loss)).toList(), 0)));
  }

  /** {@code [layers, heads]} of one example. */
  private static Tensor gradients(List<String> points, Function<Trace, Tensor> loss) {
    List<Tensor> switches = new ArrayList<>();
    try (Trace trace = Trace.changing()) {
      for (String point : points) {
        trace.replace(
            point,
            output -> {
              Tensor on = Tensor.ones(switchShape(output), output.dtype());
              switches.add(TensorScope.release(on.requiresGrad(true)));
              return output.mul(on);
            });
      }
      return TensorScope.run(() -> {
        Tensor value = Gradients.enabled(() -> loss.apply(trace));
        if (switches.size() != points.size() || points.isEmpty()) {
          throw new IllegalArgumentException(
              "head importance: expected a run that passes each of "
                  + points
                  + " once, got "
                  + switches.size()
                  + " passes");
        }
        return Tensor.stack(
            Gradients.of(value, switches).stream().map(g -> g.flatten(0, -1)).toList(), 0);
      });
    } finally {
      switches.forEach(Tensor::close);
    }
  }

  private static Shape switchShape(Tensor output) {
    return Shape.of(1, output.size(1), 1, 1);
  }

  /** The mean magnitude over the examples: {@code [layers, heads]}. */
  public Tensor importance() {
    return TensorScope.run(() -> gradients.abs().mean(0, false));
  }

  /** The importance with each layer's brought to Euclidean length 1: {@code [layers, heads]}. */
  public Tensor layerNormalized() {
    return TensorScope.run(() -> {
      Tensor importance = importance();
      return importance.div(importance.square().sum(-1, true).sqrt());
    });
  }

  /**
   * How much the mean loss grows without each head.
   *
   * @return f64 {@code [layers, heads]}
   */
  public static Tensor ablation(
      List<String> points, List<Function<Trace, Tensor>> losses, int heads) {
    double whole = mean(losses, Trace.NONE);
    double[] changes = new double[points.size() * heads];
    for (int layer = 0; layer < points.size(); layer++) {
      for (int head = 0; head < heads; head++) {
        int off = head;
        try (Trace trace = Trace.changing().replace(points.get(layer), z -> without(z, off))) {
          changes[layer * heads + head] = mean(losses, trace) - whole;
        }
      }
    }
    return Tensor.of(changes, points.size(), heads);
  }

  private static Tensor without(Tensor output, int head) {
    Tensor on = Tensor.ones(switchShape(output), output.dtype());
    on.select(1, head).fill(0);
    return output.mul(on);
  }

  private static double mean(List<Function<Trace, Tensor>> losses, Trace trace) {
    return losses.stream()
        .mapToDouble(loss -> {
          try (TensorScope scope = TensorScope.open()) {
            return loss.apply(trace).item();
          }
        })
        .average()
        .orElse(Double.NaN);
  }
}
