package dev.heed.train;

import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The mean of several checkpoints' weights (Vaswani et al. 2017, section 6.1), in double. */
final class CheckpointMean {
  private CheckpointMean() {}

  /**
   * Overwrites parameters.
   *
   * @param folders of checkpoints, at least one
   */
  static void assign(List<Path> folders, Map<String, Tensor> parameters) {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> sums = new LinkedHashMap<>();
      for (Path folder : folders) {
        TrainingCheckpoint.assign(folder, parameters);
        parameters.forEach((name, tensor) -> {
          Tensor value = tensor.detach().to(DType.F64);
          Tensor sum = sums.get(name);
          sums.put(name, sum == null ? value.copy() : sum.add(value));
        });
      }
      Gradients.disabled(() -> {
        parameters.forEach((name, tensor) -> {
          Tensor sum = Objects.requireNonNull(sums.get(name));
          tensor.assign(sum.div(folders.size()).to(tensor.dtype()));
        });
        return parameters;
      });
    }
  }
}
