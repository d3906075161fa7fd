package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array, held by the engine that made it ({@link EngineChoice}).
 *
 * <p>Tensors are made by the static methods here and by the operators; see the package for scopes,
 * negative dimensions and broadcasting. Operators of one theme stand apart: {@link Convolution},
 * {@link Fourier}, {@link LinearAlgebra}, {@link Loss}, {@link Gradients}.
 */
public final class Tensor
    implements AutoCloseable, Arithmetic, Comparison, Mixing, Reduction, Reshaping, Selection {
  private static final VarHandle BODY = bodyField();

  private final Engine engine;

  /** What the engine knows it by; null once this is closed. */
  private @Nullable Object body;

  private @Nullable Shape shape;
  private @Nullable DType dtype;
  @Nullable TensorScope scope;

  private Tensor(Engine engine, Object body) {
    this.engine = engine;
    this.body = body;
  }

  private static VarHandle bodyField() {
    try {
      return MethodHandles.lookup().findVarHandle(Tensor.class, "body", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Tensor wrap(org.bytedeco.pytorch.Tensor handle) {
    return adopted(LibTorchEngine.INSTANCE, handle);
  }

  static Tensor wrap(Strided body) {
    return adopted(JavaEngine.INSTANCE, body);
  }

  private static Tensor adopted(Engine engine, Object body) {
    Tensor tensor = new Tensor(engine, body);
    TensorScope.adopt(tensor);
    return tensor;
  }

  /** What computes with it. */
  Engine engine() {
    return engine;
  }

  org.bytedeco.pytorch.Tensor handle() {
    if (engine instanceof JavaEngine) {
      body();
      throw new LackingOperatorException(LackingOperatorException.JAVA);
    }
    return (org.bytedeco.pytorch.Tensor) body();
  }

  /** What the Java engine knows it by. */
  Strided strided() {
    Object open = body();
    if (!(open instanceof Strided strided)) {
      throw new TensorException(
          "expected operands of one engine, got "
              + describe()
              + " of "
              + engine
              + " in an operator of Java's");
    }
    return strided;
  }

  private Object body() {
    Object open = body;
    if (open == null) {
      throw new ClosedTensorException(
          "this tensor is closed, or its scope is; keep it with TensorScope.keep to use it later");
    }
    return open;
  }

  /**
   * Values and where they stood along the dimension looked at.
   *
   * @param values of the input's type
   * @param indices of type i64, the same shape
   */
  public record Ranked(Tensor values, Tensor indices) {}

  // ---- Making tensors ----

  /**
   * A tensor that copies these values.
   *
   * @param values in row-major order
   * @param sizes their product is the number of values; none given means a vector
   * @throws ShapeException if they are not as many as the sizes say
   */
  public static Tensor of(float[] values, long... sizes) {
    return FromJava.copy(MemorySegment.ofArray(values), DType.F32, values.length, sizes);
  }

  /** A tensor that copies these values; see {@link #of(float[], long...)}. */
  public static Tensor of(double[] values, long... sizes) {
    return FromJava.copy(MemorySegment.ofArray(values), DType.F64, values.length, sizes);
  }

  /** A tensor that copies these values; see {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... sizes) {
    return FromJava.copy(MemorySegment.ofArray(values), DType.I64, values.length, sizes);
  }

  /** A tensor that copies these values; see {@link #of(float[], long...)}. */
  public static Tensor of(int[] values, long... sizes) {
    return FromJava.copy(MemorySegment.ofArray(values), DType.I32, values.length, sizes);
  }

  /** A tensor of unsigned bytes that copies these values; see {@link #of(float[], long...)}. */
  public static Tensor of(byte[] values, long... sizes) {
    return FromJava.copy(MemorySegment.ofArray(values), DType.U8, values.length, sizes);
  }

  /** A tensor that copies these values; see {@link #of(float[], long...)}. */
  public static Tensor of(boolean[] values, long... sizes) {
    return FromJava.copy(values, sizes);
  }

  /** A scalar. */
  public static Tensor scalar(double value, DType dtype) {
    return full(Shape.of(), value, dtype);
  }

  /**
   * A tensor over memory that it shares, without a copy where the address is aligned to the
   * element.
   *
   * <p>The memory stays reachable as long as LibTorch refers to it, also through views; a segment
   * of an arena that is closed by hand must outlive them all.
   *
   * @param memory native, little-endian, row-major, exactly as long as shape and type say
   * @throws ShapeException if the length differs
   */
  public static Tensor ofSegment(MemorySegment memory, DType dtype, Shape shape) {
    return FromJava.share(memory, dtype, shape);
  }

  /** A tensor whose memory holds anything yet. */
  public static Tensor empty(Shape shape, DType dtype) {
    return Engine.live().empty(shape, dtype);
  }

  /** A tensor of zeros. */
  public static Tensor zeros(Shape shape, DType dtype) {
    return full(shape, 0, dtype);
  }

  /** A tensor of ones. */
  public static Tensor ones(Shape shape, DType dtype) {
    return full(shape, 1, dtype);
  }

  /** A tensor of one value. */
  public static Tensor full(Shape shape, double value, DType dtype) {
    return Engine.live().full(shape, value, dtype);
  }

  /** The vector {@code [0, 1, …, end - 1]}. */
  public static Tensor arange(long end, DType dtype) {
    return Engine.live().arange(end, dtype);
  }

  /** The identity matrix {@code [n, n]}. */
  public static Tensor eye(long n, DType dtype) {
    return Engine.live().eye(n, dtype);
  }

  /** Normal numbers of mean 0 and variance 1, of type f32. */
  public static Tensor randn(Generator generator, long... sizes) {
    return generator.source().normal(Shape.of(sizes), DType.F32);
  }

  /** Normal numbers of mean 0 and variance 1. */
  public static Tensor randn(Generator generator, Shape shape, DType dtype) {
    return generator.source().normal(shape, dtype);
  }

  /** Uniform numbers in [0, 1). */
  public static Tensor rand(Generator generator, Shape shape, DType dtype) {
    return generator.source().uniform(shape, dtype);
  }

  /** Uniform integers in [0, bound), of type i64. */
  public static Tensor randint(Generator generator, long bound, Shape shape) {
    return generator.source().integers(bound, shape);
  }

  /** A random order of {@code [0, n)}, of type i64. */
  public static Tensor randperm(Generator generator, long n) {
    return generator.source().permutation(n);
  }

  /** Joins tensors along a dimension they already have. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return first(tensors, "cat").engine.cat(tensors, dim);
  }

  /** Joins tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return first(tensors, "stack").engine.stack(tensors, dim);
  }

  /** Takes {@code yes} where the condition holds and {@code no} elsewhere; shapes broadcast. */
  public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
    return condition.engine.where(condition, yes, no);
  }

  /** Sums products over named dimensions, for example {@code einsum("bqd,bkd->bqk", q, k)}. */
  public static Tensor einsum(String equation, Tensor... operands) {
    return first(List.of(operands), "einsum").engine.einsum(equation, operands);
  }

  private static Tensor first(List<Tensor> tensors, String operation) {
    if (tensors.isEmpty()) {
      throw new ShapeException(operation + ": expected one tensor or more, got none");
    }
    return tensors.getFirst();
  }

  // ---- What it is ----

  /** The sizes of the dimensions. */
  public Shape shape() {
    Shape known = shape;
    if (known == null) {
      body();
      known = engine.shape(this);
      shape = known;
    }
    return known;
  }

  /** The size of one dimension; negative ones count from the end. */
  public long size(int dim) {
    return shape().size(dim);
  }

  /** How many dimensions there are. */
  public int rank() {
    return shape().rank();
  }

  /** How many elements there are. */
  public long elements() {
    return shape().elements();
  }

  /** The type of the elements. */
  public DType dtype() {
    DType known = dtype;
    if (known == null) {
      body();
      known = engine.dtype(this);
      dtype = known;
    }
    return known;
  }

  /** Where the memory lies. */
  public Device device() {
    return engine.device(this);
  }

  /** Whether elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    return engine.isContiguous(this);
  }

  /** Distance in elements between neighbours along a dimension. */
  public long stride(int dim) {
    return engine.stride(this, dim);
  }

  /** Whether this handle has been closed. */
  public boolean isClosed() {
    return body == null;
  }

  /** Type and shape, for messages: {@code f32[2, 3]}. */
  public String describe() {
    return isClosed() ? "a closed tensor" : dtype().toString() + shape();
  }

  // ---- Values in Java ----

  /**
   * The only element as a double.
   *
   * @throws ShapeException if there is not exactly one
   */
  public double item() {
    requireSingle();
    return engine.item(this);
  }

  /**
   * The only element as a long.
   *
   * @throws ShapeException if there is not exactly one
   */
  public long itemLong() {
    requireSingle();
    return engine.itemLong(this);
  }

  /** All elements in row-major order, converted to float. */
  public float[] toFloatArray() {
    return ToJava.floats(this);
  }

  /** All elements in row-major order, converted to double. */
  public double[] toDoubleArray() {
    return ToJava.doubles(this);
  }

  /** All elements in row-major order, converted to long. */
  public long[] toLongArray() {
    return ToJava.longs(this);
  }

  /** All elements in row-major order, converted to unsigned bytes. */
  public byte[] toByteArray() {
    return ToJava.bytes(this);
  }

  /** All elements in row-major order, as truth values (not zero). */
  public boolean[] toBooleanArray() {
    return ToJava.booleans(this);
  }

  /**
   * The elements themselves, without a copy: writing to the segment writes to the tensor.
   *
   * <p>The segment must not be used after the tensor is closed.
   *
   * @throws TensorException if the tensor is not contiguous or not on the CPU
   */
  public MemorySegment segment() {
    return ToJava.segment(this);
  }

  /**
   * The memory from the first element to the last, without a copy, for reading by strides.
   *
   * <p>The segment must not be used after the tensor is closed.
   */
  public MemorySegment span() {
    return ToJava.span(this);
  }

  private void requireSingle() {
    if (elements() != 1) {
      throw new ShapeException("item: expected one element, got " + describe());
    }
  }

  // ---- Type, place and memory ----

  /** Converts the elements; this very tensor's memory when they have that type already. */
  public Tensor to(DType type) {
    return engine.to(this, type);
  }

  /** Half precision as {@link DType#F32}, in which sums are held; others as they are. */
  public Tensor widened() {
    return to(dtype().ofSums());
  }

  /** Moves the elements; this very tensor's memory when they lie there already. */
  public Tensor to(Device device) {
    return engine.to(this, device);
  }

  /** Row-major without gaps: shares memory if it already is, else copies. */
  public Tensor contiguous() {
    return engine.contiguous(this);
  }

  /** A copy in new memory, part of the graph of gradients. */
  public Tensor copy() {
    return engine.copy(this);
  }

  /** The same memory outside the graph of gradients. */
  public Tensor detach() {
    return engine.detach(this);
  }

  /**
   * How often the elements were changed in place, through this tensor or one that shares its
   * memory; {@code -1} where the engine keeps no count, as LibTorch does of what was made in
   * inference mode.
   */
  public long changesInPlace() {
    return engine.changesInPlace(this);
  }

  /** Another handle of the same memory and graph. */
  public Tensor alias() {
    return engine.alias(this);
  }

  /**
   * Overwrites the elements with those of another tensor; shapes broadcast.
   *
   * @return this
   */
  public Tensor assign(Tensor values) {
    return engine.assign(this, values);
  }

  /**
   * Adds {@code factor · other} to the elements in place.
   *
   * @return this
   */
  public Tensor addInPlace(Tensor other, double factor) {
    return engine.addInPlace(this, other, factor);
  }

  /**
   * Multiplies the elements in place.
   *
   * @return this
   */
  public Tensor mulInPlace(double factor) {
    return engine.mulInPlace(this, factor);
  }

  /**
   * Sets every element to one value in place.
   *
   * @return this
   */
  public Tensor fill(double value) {
    return engine.fill(this, value);
  }

  // ---- Gradients ----

  /**
   * Makes this tensor a leaf whose gradient can be asked for, or undoes it.
   *
   * @return this
   */
  public Tensor requiresGrad(boolean required) {
    if (engine.hasGradients()) {
      Native.run("requiresGrad", () -> handle().set_requires_grad(required), this);
    }
    return this;
  }

  /** Whether gradients flow to this tensor. */
  public boolean requiresGrad() {
    return engine.hasGradients() && handle().requires_grad();
  }

  /**
   * The gradient that {@link #backward()} accumulated, or null before it: a handle of its own,
   * which stays what it is when {@link #clearGrad()} forgets the gradient.
   */
  public @Nullable Tensor grad() {
    if (!engine.hasGradients()) {
      return null;
    }
    return Native.run(
            "grad",
            () -> {
              org.bytedeco.pytorch.Tensor gradient = handle().grad(); // a reference into this
              return Optional.ofNullable(
                  gradient.defined() ? wrap(new org.bytedeco.pytorch.Tensor(gradient)) : null);
            },
            this)
        .orElse(null);
  }

  /** Forgets the accumulated gradient. */
  public void clearGrad() {
    if (!engine.hasGradients()) {
      return;
    }
    Native.run(
        "clearGrad",
        () -> {
          try (var none = new org.bytedeco.pytorch.Tensor()) {
            return handle().mutable_grad().put(none);
          }
        },
        this);
  }

  /** Adds the gradients of this scalar to every leaf it depends on; see also {@link Gradients}. */
  public void backward() {
    LackingOperatorException.refuseJava("backward", this);
    BackwardRun.of(
        "backward",
        this,
        () -> {
          handle().backward();
          return this;
        });
  }

  // ---- The object ----

  /**
   * Frees this handle; a graph of gradients and views keep what they need. A second call does
   * nothing, also on another thread.
   */
  @Override
  public void close() {
    Object open = BODY.getAndSet(this, null);
    if (open != null) {
      engine.free(open);
      TensorScope.forget();
    }
  }

  /** Type, shape and elements as a person reads them; large tensors are shortened. */
  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }
}
