package dev.heed.train.optim;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weighted gradients of several batches, summed in the order in which they are added, in f32 or
 * wider.
 *
 * <p>The sums lie side by side in a few buckets, those of the last parameters first, since their
 * gradients are the first to be known.
 */
public final class GradientSum implements AutoCloseable {
  private static final long BUCKET = 1 << 22;

  /**
   * Sums that lie side by side.
   *
   * @param values of all of them, one after the other
   * @param members whose sums they are, by place among the parameters
   */
  public record Bucket(Tensor values, List<Integer> members) {}

  private final List<String> names;
  private final List<Bucket> buckets = new ArrayList<>();
  private final Tensor[] sums;
  private final boolean[] reached;

  /**
   * Nothing summed yet.
   *
   * @param parameters whose gradients will be added
   */
  public GradientSum(Map<String, Tensor> parameters) {
    names = List.copyOf(parameters.keySet());
    sums = new Tensor[names.size()];
    reached = new boolean[names.size()];
    List<Tensor> all = List.copyOf(parameters.values());
    List<Integer> members = new ArrayList<>();
    long filled = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      members.add(i);
      filled += all.get(i).elements();
      if (i == 0 || filled >= BUCKET || type(all.get(i)) != type(all.get(i - 1))) {
        addBucket(all, List.copyOf(members), filled);
        members.clear();
        filled = 0;
      }
    }
  }

  private static DType type(Tensor parameter) {
    return parameter.dtype() == DType.F64 ? DType.F64 : DType.F32;
  }

  private void addBucket(List<Tensor> parameters, List<Integer> members, long size) {
    DType dtype = type(parameters.get(members.getFirst()));
    try (TensorScope scope = TensorScope.open()) {
      Tensor values = TensorScope.release(Tensor.empty(Shape.of(size), dtype));
      long from = 0;
      for (int member : members) {
        Tensor parameter = parameters.get(member);
        Tensor part = values.narrow(0, from, parameter.elements());
        sums[member] = TensorScope.release(part.view(parameter.shape().toArray()));
        from += parameter.elements();
      }
      buckets.add(new Bucket(values, members));
    }
  }

  /** The sums as they lie in memory; of a parameter that was not reached, anything. */
  public List<Bucket> buckets() {
    return buckets;
  }

  /**
   * Adds {@code weight · gradient} for each parameter.
   *
   * @param gradients one a parameter in their order, of its shape and any layout; null for none
   */
  public void add(List<? extends @Nullable Tensor> gradients, double weight) {
    Map<Integer, Tensor> given = new LinkedHashMap<>();
    for (int i = 0; i < sums.length; i++) {
      Tensor gradient = gradients.get(i);
      if (gradient != null) {
        given.put(i, gradient);
      }
    }
    add(given, weight);
  }

  /**
   * Adds {@code weight · gradient} for some parameters.
   *
   * @param gradients by place among the parameters, of their shapes and any layout
   */
  public void add(Map<Integer, Tensor> gradients, double weight) {
    try (TensorScope scope = TensorScope.open()) {
      List<Transfer.Memory> from = new ArrayList<>();
      List<Transfer.Memory> into = new ArrayList<>();
      List<Boolean> begun = new ArrayList<>();
      List<Long> sizes = new ArrayList<>();
      gradients.forEach((i, gradient) -> {
        from.add(Transfer.Memory.of(gradient.contiguous()));
        into.add(Transfer.Memory.of(sums[i]));
        begun.add(reached[i]);
        sizes.add(gradient.elements());
        reached[i] = true;
      });
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
    for (int i = 0; i < sums.length; i++) {
      if (reached[i]) {
        found.put(names.get(i), sums[i]);
      }
    }
    return found;
  }

  /** Whether a gradient was added for a parameter. */
  public boolean isReached(int parameter) {
    return reached[parameter];
  }

  /** Makes the sum of a parameter zero if nothing was added to it. */
  public void zeroUnlessReached(int parameter) {
    if (!reached[parameter]) {
      sums[parameter].fill(0);
    }
  }

  /** Says that something was added to a parameter's sum in its memory. */
  public void markReached(int parameter) {
    reached[parameter] = true;
  }

  /** Forgets what was added. */
  public void clear() {
    java.util.Arrays.fill(reached, false);
  }

  @Override
  public void close() {
    for (Tensor sum : sums) {
      sum.close();
    }
    buckets.forEach(bucket -> bucket.values().close());
  }
}
