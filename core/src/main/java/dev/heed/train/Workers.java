package dev.heed.train;

import dev.heed.tensor.DType;
import dev.heed.tensor.ProcessGroup;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The processes that train one model together, each with its share of an update's batches; or this
 * one alone.
 *
 * @param group the processes, or null for this one alone
 */
record Workers(@Nullable ProcessGroup group) {
  static final Workers ALONE = new Workers(null);

  /** How many processes there are. */
  int count() {
    return group == null ? 1 : group.size();
  }

  /** Whether this is the one that scores, saves and reports. */
  boolean isFirst() {
    return group == null || group.rank() == 0;
  }

  /** Whose turn it is among so many things, each of which one process does. */
  boolean isMine(int number) {
    return group == null || number % group.size() == group.rank();
  }

  /** The batches of an update that are this process' own. */
  List<Integer> share(int batches) {
    return IntStream.range(0, batches).filter(this::isMine).boxed().toList();
  }

  /** Checks that each process has something to do. */
  void requireEnough(int batches) {
    if (batches < count()) {
      throw new IllegalArgumentException(
          "batches of an update: expected at least one for each of "
              + count()
              + " processes, got "
              + batches);
    }
  }

  /** Adds numbers up over all processes. */
  double[] sum(double[] numbers) {
    ProcessGroup several = group;
    if (several == null) {
      return numbers;
    }
    try (TensorScope scope = TensorScope.open()) {
      Tensor tensor = Tensor.of(numbers);
      several.sum(tensor).await();
      return tensor.toDoubleArray();
    }
  }

  /** Adds tensors up over all processes, in place. */
  void sum(Collection<Tensor> tensors) {
    ProcessGroup several = group;
    if (several == null) {
      return;
    }
    List<ProcessGroup.Pending> begun = new ArrayList<>();
    tensors.forEach(tensor -> begun.add(several.sum(tensor)));
    begun.forEach(ProcessGroup.Pending::await);
  }

  /** Gives all processes what the tensors hold in one of them. */
  void spread(Collection<Tensor> tensors, int root) {
    ProcessGroup several = group;
    if (several == null) {
      return;
    }
    try (TensorScope scope = TensorScope.open()) {
      List<ProcessGroup.Pending> begun = new ArrayList<>();
      for (Tensor tensor : tensors) {
        long bytes = tensor.elements() * tensor.dtype().bytes();
        if (bytes > 0) {
          Tensor raw = Tensor.ofSegment(tensor.segment(), DType.U8, Shape.of(bytes));
          begun.add(several.broadcast(raw, root));
        }
      }
      begun.forEach(ProcessGroup.Pending::await);
    }
  }

  /** Gives all processes the first one's numbers. */
  long[] ofFirst(long[] numbers) {
    if (group == null) {
      return numbers;
    }
    try (TensorScope scope = TensorScope.open()) {
      Tensor length = Tensor.of(new long[] {numbers.length});
      spread(List.of(length), 0);
      Tensor values = isFirst() ? Tensor.of(numbers) : Tensor.of(new long[(int) length.itemLong()]);
      spread(List.of(values), 0);
      return values.toLongArray();
    }
  }

  /** Tells the others why this process ends. */
  void fail(String reason) {
    if (group != null) {
      group.fail(reason);
    }
  }

  /** A number that the first process alone computes. */
  double ofFirst(DoubleSupplier number) {
    long own = isFirst() ? Double.doubleToRawLongBits(number.getAsDouble()) : 0;
    return Double.longBitsToDouble(ofFirst(new long[] {own})[0]);
  }
}
