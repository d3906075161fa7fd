package dev.heed.bench.processes;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.tensor.Backend;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * A process that trains: attention on Heed's threads, products on OpenBLAS's, the rest on
 * LibTorch's. Prints the seconds of its steps.
 */
final class TrainingProcess {
  private static final int WARM_UP = 20;

  private TrainingProcess() {}

  /**
   * Runs.
   *
   * @param arguments steps to time, then threads for each operation, 0 for the default
   */
  public static void main(String[] arguments) {
    int threads = Integer.parseInt(arguments[1]);
    if (threads > 0) {
      Backend.threads(threads);
    }
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(1)) {
      Tensor heads = Tensor.randn(generator, 4, 4, 128, 32).requiresGrad(true);
      Tensor x = Tensor.randn(generator, 512, 256);
      Tensor weight = Tensor.randn(generator, 256, 256).requiresGrad(true);
      for (int i = 0; i < WARM_UP; i++) {
        step(heads, x, weight);
      }
      long from = System.nanoTime();
      for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
        step(heads, x, weight);
      }
      System.out.println((System.nanoTime() - from) / 1e9);
    }
  }

  private static void step(Tensor heads, Tensor x, Tensor weight) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor attended = ExactAttention.apply(heads, heads, heads, AttentionSpec.plain());
      Tensor mapped = x.matmul(weight).tanh().matmul(weight);
      Tensor loss = attended.square().sum().add(mapped.square().sum());
      Gradients.of(loss, List.of(heads, weight));
    }
  }
}
