package dev.heed.train.optim;

import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One parameter and what its rule keeps for it. */
final class ParameterState implements AutoCloseable {
  private static final String STEP = "step";
  private static final String MASTER = "master";

  final String name;
  final Tensor parameter;
  final ParameterGroup group;

  /** What is computed on: the parameter itself, or its f32 master copy. */
  final Tensor master;

  private final Map<String, Tensor> slots = new LinkedHashMap<>();
  private long steps;

  ParameterState(String name, Tensor parameter, ParameterGroup group) {
    if (!parameter.dtype().isFloating() || !parameter.isContiguous()) {
      throw new IllegalArgumentException(
          "optimiser: expected a contiguous floating-point parameter, got "
              + parameter.describe()
              + " for "
              + name);
    }
    this.name = name;
    this.parameter = parameter;
    this.group = group;
    DType computed = parameter.dtype() == DType.F64 ? DType.F64 : DType.F32;
    this.master =
        parameter.dtype() == computed
            ? parameter
            : owned(() -> parameter.detach().to(computed).copy());
    switch (group.rule()) {
      case ElementwiseRule rule ->
          rule.slots().forEach(slot -> make(slot, parameter.shape(), rule.initial()));
      case TensorRule rule ->
          rule.slots(parameter.shape()).forEach(slot -> make(slot.name(), slot.shape(), 0));
    }
  }

  private void make(String slot, Shape shape, double initial) {
    slots.put(slot, owned(() -> Tensor.full(shape, initial, master.dtype())));
  }

  private static Tensor owned(java.util.function.Supplier<Tensor> body) {
    try (TensorScope scope = TensorScope.open()) {
      return TensorScope.release(body.get());
    }
  }

  boolean hasMaster() {
    return master != parameter;
  }

  List<Tensor> slotTensors() {
    return List.copyOf(slots.values());
  }

  Map<String, Tensor> slots() {
    return slots;
  }

  long steps() {
    return steps;
  }

  void countStep() {
    steps++;
  }

  /** Everything a later run needs, by name; the counter is made in the current scope. */
  Map<String, Tensor> saved() {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    saved.put(key(STEP), Tensor.of(new long[] {steps}));
    if (hasMaster()) {
      saved.put(key(MASTER), master);
    }
    slots.forEach((slot, tensor) -> saved.put(key(slot), tensor));
    return saved;
  }

  void restore(WeightSource source) {
    try (TensorScope scope = TensorScope.open()) {
      steps = source.read(key(STEP)).itemLong();
      if (hasMaster()) {
        master.assign(source.read(key(MASTER)));
      }
      slots.forEach((slot, tensor) -> tensor.assign(source.read(key(slot))));
    }
  }

  private String key(String last) {
    return name + "." + last;
  }

  @Override
  public void close() {
    slots.values().forEach(Tensor::close);
    if (hasMaster()) {
      master.close();
    }
  }
}
