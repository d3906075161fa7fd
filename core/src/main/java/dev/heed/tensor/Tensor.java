package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array: one reference to a LibTorch tensor.
 *
 * <p>Tensors are made by the static methods here and by the operators; see the package for scopes,
 * negative dimensions and broadcasting. Operators of one theme stand apart: {@link Convolution},
 * {@link Fourier}, {@link LinearAlgebra}, {@link Loss}, {@link Gradients}.
 */
public final class Tensor
    implements AutoCloseable, Arithmetic, Comparison, Mixing, Reduction, Reshaping, Selection {
  private static final VarHandle HANDLE = handleField();

  private org.bytedeco.pytorch.@Nullable Tensor handle;
  private @Nullable Shape shape;
  private @Nullable DType dtype;
  @Nullable TensorScope scope;

  private Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = handle;
  }

  private static VarHandle handleField() {
    try {
      return MethodHandles.lookup()
          .findVarHandle(Tensor.class, "handle", org.bytedeco.pytorch.Tensor.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static Tensor wrap(org.bytedeco.pytorch.Tensor handle) {
    Tensor tensor = new Tensor(handle);
    TensorScope.adopt(tensor);
    return tensor;
  }

  org.bytedeco.pytorch.Tensor handle() {
    org.bytedeco.pytorch.Tensor open = handle;
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
    return Native.call("empty", () -> torch.empty(shape.toArray(), options(dtype), noFormat()));
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
    return Native.call(
        "full",
        () -> {
          try (Scalar scalar = Conversions.scalar(value, dtype)) {
            return torch.full(shape.toArray(), scalar, options(dtype));
          }
        });
  }

  /** The vector {@code [0, 1, …, end - 1]}. */
  public static Tensor arange(long end, DType dtype) {
    return Native.call(
        "arange",
        () -> {
          try (Scalar scalar = new Scalar(end)) {
            return torch.arange(scalar, options(dtype));
          }
        });
  }

  /** The identity matrix {@code [n, n]}. */
  public static Tensor eye(long n, DType dtype) {
    return Native.call("eye", () -> torch.eye(n, options(dtype)));
  }

  /** Normal numbers of mean 0 and variance 1, of type f32. */
  public static Tensor randn(Generator generator, long... sizes) {
    return Native.call("randn", () -> torch.randn(sizes, generator.optional(), options(DType.F32)));
  }

  /** Normal numbers of mean 0 and variance 1. */
  public static Tensor randn(Generator generator, Shape shape, DType dtype) {
    return Native.call(
        "randn", () -> torch.randn(shape.toArray(), generator.optional(), options(dtype)));
  }

  /** Uniform numbers in [0, 1). */
  public static Tensor rand(Generator generator, Shape shape, DType dtype) {
    return Native.call(
        "rand", () -> torch.rand(shape.toArray(), generator.optional(), options(dtype)));
  }

  /** Uniform integers in [0, bound), of type i64. */
  public static Tensor randint(Generator generator, long bound, Shape shape) {
    return Native.call(
        "randint",
        () -> torch.randint(bound, shape.toArray(), generator.optional(), options(DType.I64)));
  }

  /** A random order of {@code [0, n)}, of type i64. */
  public static Tensor randperm(Generator generator, long n) {
    return Native.call(
        "randperm", () -> torch.randperm(n, generator.optional(), options(DType.I64)));
  }

  /** Joins tensors along a dimension they already have. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    return Native.call(
        "cat",
        () -> {
          try (TensorVector vector = Conversions.vector(tensors)) {
            return torch.cat(vector, dim);
          }
        },
        tensors.toArray(Tensor[]::new));
  }

  /** Joins tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    return Native.call(
        "stack",
        () -> {
          try (TensorVector vector = Conversions.vector(tensors)) {
            return torch.stack(vector, dim);
          }
        },
        tensors.toArray(Tensor[]::new));
  }

  /** Takes {@code yes} where the condition holds and {@code no} elsewhere; shapes broadcast. */
  public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
    return Native.call(
        "where",
        () -> torch.where(condition.handle(), yes.handle(), no.handle()),
        condition,
        yes,
        no);
  }

  /** Sums products over named dimensions, for example {@code einsum("bqd,bkd->bqk", q, k)}. */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Native.call(
        "einsum " + equation,
        () -> {
          try (TensorVector vector = Conversions.vector(List.of(operands))) {
            return torch.einsum(equation, vector);
          }
        },
        operands);
  }

  private static org.bytedeco.pytorch.TensorOptions options(DType dtype) {
    return Conversions.options(dtype, Device.CPU);
  }

  private static org.bytedeco.pytorch.MemoryFormatOptional noFormat() {
    return new org.bytedeco.pytorch.MemoryFormatOptional();
  }

  // ---- What it is ----

  /** The sizes of the dimensions. */
  public Shape shape() {
    Shape known = shape;
    if (known == null) {
      known = Conversions.shape(handle());
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
      known = Conversions.dtype(handle().scalar_type().intern());
      dtype = known;
    }
    return known;
  }

  /** Where the memory lies. */
  public Device device() {
    return Conversions.device(handle());
  }

  /** Whether elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    return handle().is_contiguous();
  }

  /** Distance in elements between neighbours along a dimension. */
  public long stride(int dim) {
    return handle().stride(dim);
  }

  /** Whether this handle has been closed. */
  public boolean isClosed() {
    return handle == null;
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
    return handle().item_double();
  }

  /**
   * The only element as a long.
   *
   * @throws ShapeException if there is not exactly one
   */
  public long itemLong() {
    requireSingle();
    return handle().item_long();
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
    return Native.op("to " + type, this, x -> x.to(Conversions.scalarType(type)));
  }

  /** Half precision as {@link DType#F32}, in which sums are held; others as they are. */
  public Tensor widened() {
    return to(dtype().ofSums());
  }

  /** Moves the elements; this very tensor's memory when they lie there already. */
  public Tensor to(Device device) {
    return Native.op(
        "to " + device,
        this,
        x -> {
          try (org.bytedeco.pytorch.Device target = Conversions.device(device)) {
            return x.to(target, x.scalar_type());
          }
        });
  }

  /** Row-major without gaps: shares memory if it already is, else copies. */
  public Tensor contiguous() {
    return Native.op("contiguous", this, x -> x.contiguous());
  }

  /** A copy in new memory, part of the graph of gradients. */
  public Tensor copy() {
    return Native.op("copy", this, x -> x.clone());
  }

  /** The same memory outside the graph of gradients. */
  public Tensor detach() {
    return Native.op("detach", this, x -> x.detach());
  }

  /**
   * How often the elements were changed in place, through this tensor or one that shares its
   * memory; {@code -1} where LibTorch keeps no count, of what was made in inference mode.
   */
  public long changesInPlace() {
    return handle().is_inference() ? -1 : handle()._version();
  }

  /** Another handle of the same memory and graph. */
  public Tensor alias() {
    return Native.op("alias", this, x -> new org.bytedeco.pytorch.Tensor(x));
  }

  /**
   * Overwrites the elements with those of another tensor; shapes broadcast.
   *
   * @return this
   */
  public Tensor assign(Tensor values) {
    return Native.inPlace("assign", this, values, () -> handle().copy_(values.handle()));
  }

  /**
   * Adds {@code factor · other} to the elements in place.
   *
   * @return this
   */
  public Tensor addInPlace(Tensor other, double factor) {
    return Native.inPlace(
        "addInPlace",
        this,
        other,
        () -> {
          try (Scalar scalar = Conversions.scalar(factor, dtype())) {
            return handle().add_(other.handle(), scalar);
          }
        });
  }

  /**
   * Multiplies the elements in place.
   *
   * @return this
   */
  public Tensor mulInPlace(double factor) {
    return Native.inPlace(
        "mulInPlace",
        this,
        this,
        () -> {
          try (Scalar scalar = Conversions.scalar(factor, dtype())) {
            return handle().mul_(scalar);
          }
        });
  }

  /**
   * Sets every element to one value in place.
   *
   * @return this
   */
  public Tensor fill(double value) {
    return Native.inPlace(
        "fill",
        this,
        this,
        () -> {
          try (Scalar scalar = Conversions.scalar(value, dtype())) {
            return handle().fill_(scalar);
          }
        });
  }

  // ---- Gradients ----

  /**
   * Makes this tensor a leaf whose gradient can be asked for, or undoes it.
   *
   * @return this
   */
  public Tensor requiresGrad(boolean required) {
    Native.run("requiresGrad", () -> handle().set_requires_grad(required), this);
    return this;
  }

  /** Whether gradients flow to this tensor. */
  public boolean requiresGrad() {
    return handle().requires_grad();
  }

  /**
   * The gradient that {@link #backward()} accumulated, or null before it: a handle of its own,
   * which stays what it is when {@link #clearGrad()} forgets the gradient.
   */
  public @Nullable Tensor grad() {
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
    var open = (org.bytedeco.pytorch.@Nullable Tensor) HANDLE.getAndSet(this, null);
    if (open != null) {
      Pinned.close(open);
      TensorScope.forget();
    }
  }

  /** Type, shape and elements as a person reads them; large tensors are shortened. */
  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }
}
