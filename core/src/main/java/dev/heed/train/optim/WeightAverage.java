package dev.heed.train.optim;

import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Averaged weights of a model in training, in f32 or wider. */
public final class WeightAverage implements AutoCloseable {
  private static final String UPDATES = "updates";

  private final Averaging rule;
  private final Map<String, Tensor> parameters;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();
  private long updates;

  /**
   * Starts from the weights as they are.
   *
   * @param parameters contiguous; they stay the caller's
   */
  public WeightAverage(Averaging rule, Map<String, Tensor> parameters) {
    this.rule = rule;
    this.parameters = new LinkedHashMap<>(parameters);
    try (TensorScope scope = TensorScope.open()) {
      parameters.forEach((name, tensor) -> {
        DType dtype = tensor.dtype() == DType.F64 ? DType.F64 : DType.F32;
        averages.put(name, TensorScope.release(tensor.detach().to(dtype).copy()));
      });
    }
  }

  /** Takes the weights as they are now into the average. */
  public void update() {
    updates++;
    double kept = rule.kept(updates);
    if (kept == 1) {
      return;
    }
    List<Transfer.Memory> from = parameters.values().stream().map(Transfer.Memory::of).toList();
    List<Transfer.Memory> into = averages.values().stream().map(Transfer.Memory::of).toList();
    Pieces pieces = new Pieces(parameters.values().stream().map(Tensor::elements).toList());
    pieces.run(() -> {
      Transfer transfer = new Transfer();
      double[] weights = new double[Block.SIZE];
      double[] average = new double[Block.SIZE];
      return piece -> {
        int count = piece.count();
        transfer.read(from.get(piece.tensor()), piece.from(), count, weights);
        transfer.read(into.get(piece.tensor()), piece.from(), count, average);
        for (int i = 0; i < count; i++) {
          average[i] = kept * average[i] + (1 - kept) * weights[i];
        }
        transfer.write(average, into.get(piece.tensor()), piece.from(), count);
      };
    });
  }

  /** How many updates there were. */
  public long updates() {
    return updates;
  }

  /** The averages by name, not copies; freed by {@link #close}. */
  public Map<String, Tensor> weights() {
    return java.util.Collections.unmodifiableMap(averages);
  }

  /**
   * Runs {@code body} while the model has the averaged weights, and gives it its own back.
   *
   * @param body for example an evaluation
   */
  public <T> T during(Supplier<T> body) {
    try (TensorScope scope = TensorScope.open()) {
      List<Tensor> own = new ArrayList<>();
      parameters.values().forEach(tensor -> own.add(tensor.detach().copy()));
      assign(List.copyOf(averages.values()));
      try {
        return scope.keep(body.get());
      } finally {
        assign(own);
      }
    }
  }

  private void assign(List<Tensor> values) {
    Gradients.disabled(() -> {
      int index = 0;
      for (Tensor parameter : parameters.values()) {
        parameter.assign(values.get(index++));
      }
      return parameters;
    });
  }

  /**
   * Everything that a later run needs to go on averaging: the averages by name and a counter, which
   * belongs to the current scope.
   */
  public Map<String, Tensor> state() {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    saved.put(UPDATES, Tensor.of(new long[] {updates}));
    averages.forEach((name, tensor) -> saved.put("average." + name, tensor));
    return saved;
  }

  /**
   * Puts a {@link #state} back.
   *
   * @throws IllegalArgumentException if it is not that of these parameters
   */
  public void restore(WeightSource saved) {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> own = state();
      SavedState.requireSame("average", own, saved);
      updates = saved.read(UPDATES).itemLong();
      own.remove(UPDATES);
      own.forEach((name, tensor) -> Objects.requireNonNull(tensor).assign(saved.read(name)));
    }
  }

  /** Frees the averages; the parameters stay. */
  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
  }
}
