package dev.heed.bench.mechanisms;

import dev.heed.nn.Module;
import dev.heed.nn.Weights;

/** Owns all that is built below a path of weights, whether that is a module itself or not. */
final class Parameters extends Module {
  Parameters(Weights weights) {
    super(weights);
  }
}
