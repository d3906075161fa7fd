package dev.heed.tensor;

import java.lang.foreign.MemorySegment;

/** Tensors in memory of Java's. */
interface JavaMemory extends MemoryOperators {
  @Override
  default Tensor empty(Shape shape, DType dtype) {
    return Tensor.wrap(Strided.allocate(dtype, shape.toArray()));
  }

  @Override
  default Tensor full(Shape shape, double value, DType dtype) {
    Strided x = Strided.allocate(dtype, shape.toArray());
    fill(x, value);
    return Tensor.wrap(x);
  }

  /** Sets every element of a view. */
  static void fill(Strided x, double value) {
    Walk walk = new Walk(x.sizes(), new long[] {x.offset()}, x.strides());
    MemorySegment m = x.data();
    long step = walk.step(0);
    walk.run((at, n, w) -> {
      for (int i = 0; i < n; i++) {
        Elements.set(m, x.type(), at[0] + i * step, value);
      }
    });
  }

  @Override
  default Tensor arange(long end, DType dtype) {
    if (end < 0) {
      throw new ShapeException("arange: expected an end of 0 or more, got " + end);
    }
    Strided x = Strided.allocate(dtype, end);
    for (long i = 0; i < end; i++) {
      Elements.set(x.data(), dtype, i, i);
    }
    return Tensor.wrap(x);
  }

  @Override
  default Tensor eye(long n, DType dtype) {
    Strided x = Strided.allocate(dtype, n, n);
    fill(x, 0);
    for (long i = 0; i < n; i++) {
      Elements.set(x.data(), dtype, i * n + i, 1);
    }
    return Tensor.wrap(x);
  }

  @Override
  default Tensor share(MemorySegment memory, DType dtype, Shape shape) {
    long[] sizes = shape.toArray();
    return Tensor.wrap(new Strided(Memory.over(memory), 0, sizes, Strided.rowMajor(sizes), dtype));
  }

  @Override
  default Shape shape(Tensor x) {
    return Shape.of(x.strided().sizes());
  }

  @Override
  default DType dtype(Tensor x) {
    return x.strided().type();
  }

  @Override
  default Device device(Tensor x) {
    return Device.CPU;
  }

  @Override
  default boolean isContiguous(Tensor x) {
    return x.strided().isContiguous();
  }

  @Override
  default long stride(Tensor x, int dim) {
    Strided s = x.strided();
    return s.stride(s.dim("stride", dim));
  }

  @Override
  default MemorySegment memory(Tensor x, long bytes) {
    Strided s = x.strided();
    return s.data().asSlice(s.offset() * s.type().bytes(), bytes);
  }

  @Override
  default double item(Tensor x) {
    Strided s = x.strided();
    return Elements.get(s.data(), s.type(), s.offset());
  }

  @Override
  default long itemLong(Tensor x) {
    Strided s = x.strided();
    return Elements.getLong(s.data(), s.type(), s.offset());
  }

  @Override
  default Tensor to(Tensor x, DType type) {
    return x.dtype() == type ? alias(x) : converted(x.strided(), type);
  }

  private static Tensor converted(Strided x, DType type) {
    Strided out = Strided.allocate(type, x.sizes());
    Elements.copy("to " + type, x, out);
    return Tensor.wrap(out);
  }

  @Override
  default Tensor to(Tensor x, Device device) {
    if (!device.equals(Device.CPU)) {
      throw new TensorException(
          "to "
              + device
              + ": the Java engine computes in main memory alone; "
              + EngineChoice.LIBTORCH_REMEDY);
    }
    return alias(x);
  }

  @Override
  default Tensor contiguous(Tensor x) {
    return x.strided().isContiguous() ? alias(x) : copy(x);
  }

  @Override
  default Tensor copy(Tensor x) {
    StoredBlocks blocks = StoredBlocks.copy(x.strided());
    if (blocks != null) {
      return StoredTensors.of(blocks, null, x.strided().sizes());
    }
    return converted(x.strided(), x.dtype());
  }

  @Override
  default Tensor detach(Tensor x) {
    return alias(x);
  }

  @Override
  default Tensor alias(Tensor x) {
    Strided s = x.strided();
    return Tensor.wrap(s.view(s.offset(), s.sizes(), s.strides()));
  }

  @Override
  default long changesInPlace(Tensor x) {
    return x.strided().memory().changes();
  }

  @Override
  default Tensor assign(Tensor x, Tensor values) {
    Strided to = x.strided();
    to.memory().makeWritable();
    Elements.copy("assign", values.strided(), to);
    to.memory().changed();
    return x;
  }

  @Override
  default Tensor addInPlace(Tensor x, Tensor other, double factor) {
    Strided to = x.strided();
    DType sum = Promotion.of(to, other.strided());
    boolean whole = to.type().isFloating() || factor == Math.rint(factor);
    if (!whole || (sum != to.type() && !fits(sum, to.type()))) {
      throw new TensorException(
          "addInPlace: expected numbers that "
              + to.describe()
              + " can hold, got "
              + factor
              + " times "
              + other.describe());
    }
    to.memory().makeWritable();
    if (factor == 1) {
      JavaElements.into(ElementOperators.Binary.ADD, to, other.strided(), to, to.type());
    } else {
      try (TensorScope scope = TensorScope.open()) {
        Strided scaled = other.to(to.type()).mul(factor).strided();
        JavaElements.into(ElementOperators.Binary.ADD, to, scaled, to, to.type());
      }
    }
    to.memory().changed();
    return x;
  }

  /** Whether a type's elements are of the kind of another's, or of a lesser one. */
  private static boolean fits(DType type, DType into) {
    return into.isFloating() || (into.isInteger() && !type.isFloating());
  }

  @Override
  default Tensor mulInPlace(Tensor x, double factor) {
    Strided to = x.strided();
    to.memory().makeWritable();
    JavaElements.into(ElementOperators.Binary.MUL, to, factor, to, to.type());
    to.memory().changed();
    return x;
  }

  @Override
  default Tensor fill(Tensor x, double value) {
    x.strided().memory().makeWritable();
    fill(x.strided(), value);
    x.strided().memory().changed();
    return x;
  }

  @Override
  default void free(Object body) {
    ((Strided) body).memory().release();
  }
}
