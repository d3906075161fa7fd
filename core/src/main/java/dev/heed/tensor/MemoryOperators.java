package dev.heed.tensor;

import java.lang.foreign.MemorySegment;

/** How an {@link Engine} makes tensors, says what they are and changes them in place. */
interface MemoryOperators {
  Tensor empty(Shape shape, DType dtype);

  Tensor full(Shape shape, double value, DType dtype);

  Tensor arange(long end, DType dtype);

  Tensor eye(long n, DType dtype);

  /** A tensor over native memory that is aligned, as long as the shape says and not empty. */
  Tensor share(MemorySegment memory, DType dtype, Shape shape);

  Shape shape(Tensor x);

  DType dtype(Tensor x);

  Device device(Tensor x);

  boolean isContiguous(Tensor x);

  long stride(Tensor x, int dim);

  /** The memory from the first element on, so many bytes; the tensor is in main memory. */
  MemorySegment memory(Tensor x, long bytes);

  double item(Tensor x);

  long itemLong(Tensor x);

  Tensor to(Tensor x, DType type);

  Tensor to(Tensor x, Device device);

  Tensor contiguous(Tensor x);

  Tensor copy(Tensor x);

  Tensor detach(Tensor x);

  Tensor alias(Tensor x);

  long changesInPlace(Tensor x);

  Tensor assign(Tensor x, Tensor values);

  Tensor addInPlace(Tensor x, Tensor other, double factor);

  Tensor mulInPlace(Tensor x, double factor);

  Tensor fill(Tensor x, double value);

  /** Gives back what a closed tensor was to the engine. */
  void free(Object body);
}
