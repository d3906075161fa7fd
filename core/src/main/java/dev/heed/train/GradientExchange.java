package dev.heed.train;

import dev.heed.tensor.GradientArrivals;
import dev.heed.tensor.ProcessGroup;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.GradientSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds gradients up over processes, bucket by bucket: while the last batches still run backwards,
 * the buckets that are complete are on their way (Li et al. 2020, section 3.2.3).
 *
 * <p>All processes send their buckets in the same order.
 */
final class GradientExchange implements AutoCloseable {
  private final ProcessGroup group;
  private final GradientSum sum;
  private final GradientArrivals arrivals;
  private final int[] bucketOf;
  private final int[] open;
  private final List<ProcessGroup.Pending> begun = new ArrayList<>();
  private @Nullable Tensor[][] arrived = new @Nullable Tensor[0][];
  private int[] awaited = new int[0];
  private double[] weights = new double[0];

  GradientExchange(ProcessGroup group, GradientSum sum, List<Tensor> parameters) {
    this.group = group;
    this.sum = sum;
    arrivals = new GradientArrivals(parameters);
    bucketOf = new int[parameters.size()];
    open = new int[sum.buckets().size()];
    for (int bucket = 0; bucket < open.length; bucket++) {
      for (int member : sum.buckets().get(bucket).members()) {
        bucketOf[member] = bucket;
      }
    }
  }

  /** The last so many batches of this process begin, all at once. */
  void begin(int batches) {
    arrived = new @Nullable Tensor[bucketOf.length][batches];
    awaited = new int[bucketOf.length];
    java.util.Arrays.fill(awaited, batches);
    weights = new double[batches];
    for (int bucket = 0; bucket < open.length; bucket++) {
      open[bucket] = sum.buckets().get(bucket).members().size();
    }
    begun.clear();
  }

  /**
   * Runs one of them backwards.
   *
   * @param batch from 0
   * @param backward asks for gradients of the parameters
   */
  void during(int batch, double weight, Runnable backward) {
    boolean[] seen = new boolean[bucketOf.length];
    weights[batch] = weight;
    Supplier<Object> body =
        () -> {
          backward.run();
          return this;
        };
    if (weight > 0) {
      var _ =
          arrivals.during(
              (parameter, gradient) -> {
                seen[parameter] = true;
                arrived(batch, parameter, gradient);
              },
              body);
    }
    for (int parameter = 0; parameter < seen.length; parameter++) {
      if (!seen[parameter]) {
        arrived(batch, parameter, null);
      }
    }
  }

  private synchronized void arrived(int batch, int parameter, @Nullable Tensor gradient) {
    if (gradient != null) {
      arrived[parameter][batch] = TensorScope.release(gradient);
    }
    if (--awaited[parameter] > 0) {
      return;
    }
    for (int i = 0; i < weights.length; i++) {
      Tensor own = arrived[parameter][i];
      if (own != null) {
        sum.add(Map.of(parameter, own), weights[i]);
        own.close();
        arrived[parameter][i] = null;
      }
    }
    sum.zeroUnlessReached(parameter);
    open[bucketOf[parameter]]--;
    while (begun.size() < open.length && open[begun.size()] == 0) {
      begun.add(group.sum(sum.buckets().get(begun.size()).values()));
    }
  }

  /** Waits until the sums are those of all processes. */
  void finish() {
    begun.forEach(ProcessGroup.Pending::await);
    begun.clear();
  }

  /** Frees what a failed pass left. */
  void abandon() {
    for (@Nullable Tensor[] gradients : arrived) {
      for (Tensor gradient : gradients) {
        if (gradient != null) {
          gradient.close();
        }
      }
    }
    arrived = new @Nullable Tensor[0][];
    begun.clear();
  }

  @Override
  public void close() {
    arrivals.close();
  }
}
