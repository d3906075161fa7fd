package dev.heed.nn;

import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a recurrent network under PyTorch's names, in the order LibTorch takes them.
 */
final class RecurrentParameters {
  private RecurrentParameters() {}

  static List<Tensor> of(Weights weights, int gates, long in, long hidden, Layout layout) {
    List<Tensor> parameters = new ArrayList<>();
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(hidden));
    int directions = layout.bidirectional() ? 2 : 1;
    for (int layer = 0; layer < layout.layers(); layer++) {
      long size = layer == 0 ? in : hidden * directions;
      for (int direction = 0; direction < directions; direction++) {
        String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
        parameters.add(weights.parameter("weight_ih" + suffix, uniform, gates * hidden, size));
        parameters.add(weights.parameter("weight_hh" + suffix, uniform, gates * hidden, hidden));
        parameters.add(weights.parameter("bias_ih" + suffix, uniform, gates * hidden));
        parameters.add(weights.parameter("bias_hh" + suffix, uniform, gates * hidden));
      }
    }
    return parameters;
  }
}
