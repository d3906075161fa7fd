package dev.heed.train.optim;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Weighted gradients of several batches, summed in the order in which they are added, in f32 or
 * wider.
 */
public final class GradientSum implements AutoCloseable {
  private final List<String> names;
  private final List<Tensor> sums = new ArrayList<>();
  private final boolean[] reached;

  /**
   * Nothing summed yet.
   *
   * @param parameters whose gradients will be added
   */
  public GradientSum(Map<String, Tensor> parameters) {
    names = List.copyOf(parameters.keySet());
    reached = new boolean[names.size()];
    try (TensorScope scope = TensorScope.open()) {
      for (Tensor parameter : parameters.values()) {
        DType dtype = parameter.dtype() == DType.F64 ? DType.F64 : DType.F32;
        sums.add(TensorScope.release(Tensor.empty(parameter.shape(), dtype)));
      }
    }
  }

  /**
   * Adds {@code weight · gradient} for each parameter.
   *
   * @param gradients one a parameter in their order, of its shape and any layout; null for none
   */
  public void add(List<? extends @Nullable Tensor> gradients, double weight) {
    try (TensorScope scope = TensorScope.open()) {
      List<Transfer.Memory> from = new ArrayList<>();
      List<Transfer.Memory> into = new ArrayList<>();
      List<Boolean> begun = new ArrayList<>();
      List<Long> sizes = new ArrayList<>();
      for (int i = 0; i < sums.size(); i++) {
        Tensor gradient = gradients.get(i);
        if (gradient != null) {
          from.add(Transfer.Memory.of(gradient.contiguous()));
          into.add(Transfer.Memory.of(sums.get(i)));
          begun.add(reached[i]);
          sizes.add(gradient.elements());
          reached[i] = true;
        }
      }
      new Pieces(sizes)
          .run(() -> {
            Transfer transfer = new Transfer();
            double[] gradient = new double[Block.SIZE];
            double[] sum = new double[Block.SIZE];
            return piece -> {
              int count = piece.count();
              transfer.read(from.get(piece.tensor()), piece.from(), count, gradient);
              if (begun.get(piece.tensor())) {
                transfer.read(into.get(piece.tensor()), piece.from(), count, sum);
              } else {
                java.util.Arrays.fill(sum, 0, count, 0);
              }
              for (int i = 0; i < count; i++) {
                sum[i] += weight * gradient[i];
              }
              transfer.write(sum, into.get(piece.tensor()), piece.from(), count);
            };
          });
    }
  }

  /** The sums by name, of those parameters that a gradient was added for; not copies. */
  public Map<String, Tensor> sums() {
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (int i = 0; i < sums.size(); i++) {
      if (reached[i]) {
        found.put(names.get(i), Objects.requireNonNull(sums.get(i)));
      }
    }
    return found;
  }

  /** Forgets what was added. */
  public void clear() {
    java.util.Arrays.fill(reached, false);
  }

  @Override
  public void close() {
    sums.forEach(Tensor::close);
  }
}
