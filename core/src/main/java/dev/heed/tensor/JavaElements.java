package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Supplier;

/** Element by element, in Java. */
interface JavaElements extends ElementOperators {
  @Override
  default Tensor unary(Unary op, Tensor tensor) {
    Strided x = tensor.strided();
    DType type = resultOf(op, x);
    boolean truth = op == Unary.NOT || op == Unary.IS_NAN || op == Unary.IS_FINITE;
    Strided out = Strided.allocate(truth ? DType.BOOL : type, x.sizes());
    unary(op, x, out, type);
    return Tensor.wrap(out);
  }

  /** The type that an operator is computed in. */
  private static DType resultOf(Unary op, Strided x) {
    DType type = x.type();
    boolean refused =
        switch (op) {
          case NEG, RELU, ABS, FLOOR, CEIL, ROUND -> type == DType.BOOL;
          case GELU, GELU_TANH, SILU, SOFTPLUS, ELU -> !type.isFloating();
          default -> false;
        };
    if (refused) {
      throw new TensorException(
          op.label
              + ": expected floating-point elements, got "
              + x.describe()
              + "; convert with to(…)");
    }
    return switch (op) {
      case NEG, ABS, SIGN, RELU, FLOOR, CEIL, ROUND, NOT, IS_NAN, IS_FINITE -> type;
      case SQUARE -> type == DType.BOOL ? DType.I64 : type;
      default -> Promotion.floating(type);
    };
  }

  private static void unary(Unary op, Strided x, Strided out, DType in) {
    Walk walk =
        new Walk(x.sizes(), new long[] {x.offset(), out.offset()}, x.strides(), out.strides());
    MemorySegment a = x.data();
    MemorySegment b = out.data();
    long s = walk.step(0);
    long t = walk.step(1);
    switch (Elements.Precision.of(in)) {
      case FLOAT ->
          walk.run((at, n, w) -> {
            float[] row = Buffers.of(w).floats(0, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, row, n);
            FloatElements.unary(op, row, n);
            Elements.store(row, b, out.type(), at[1], t, n);
          });
      case DOUBLE ->
          walk.run((at, n, w) -> {
            double[] row = Buffers.of(w).doubles(0, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, row, n);
            DoubleElements.unary(op, row, n);
            Elements.store(row, b, out.type(), at[1], t, n);
          });
      case LONG ->
          walk.run((at, n, w) -> {
            long[] row = Buffers.of(w).longs(0, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, row, n);
            LongElements.unary(op, row, n);
            Elements.store(row, b, out.type(), at[1], t, n);
          });
    }
  }

  /** Whether the result is a truth value. */
  private static boolean compares(Binary op) {
    return switch (op) {
      case EQ, NE, LT, LE, GT, GE, AND, OR -> true;
      default -> false;
    };
  }

  private static DType computed(Binary op, DType promoted, DType of, Supplier<String> operands) {
    boolean numbers =
        switch (op) {
          case POW, REMAINDER, FLOOR_DIV -> promoted != DType.BOOL;
          case SUB -> promoted != DType.BOOL && of != DType.BOOL;
          default -> true;
        };
    if (!numbers) {
      throw new TensorException(
          op.label + ": expected numbers, got " + operands.get() + "; convert with to(…)");
    }
    return op == Binary.DIV ? Promotion.floating(promoted) : promoted;
  }

  @Override
  default Tensor binary(Binary op, Tensor left, Tensor right) {
    Strided x = left.strided();
    Strided y = right.strided();
    long[] shape = Strided.together(op.label, x, y);
    DType of = x.type() == DType.BOOL ? x.type() : y.type();
    DType type = computed(op, Promotion.of(x, y), of, () -> x.describe() + " and " + y.describe());
    if (type.bytes() == Short.BYTES && x.type() != y.type()) {
      // Half precision is what both are rounded to before they meet.
      return TensorScope.run(() -> binary(op, left.to(type), right.to(type)));
    }
    Strided out = Strided.allocate(compares(op) ? DType.BOOL : type, shape);
    into(op, x, y, out, type);
    return Tensor.wrap(out);
  }

  /** Computes into an output of the shape that both broadcast to. */
  static void into(Binary op, Strided x, Strided y, Strided out, DType in) {
    Walk walk =
        new Walk(
            out.sizes(),
            new long[] {x.offset(), y.offset(), out.offset()},
            x.stridesFor(op.label, out.sizes()),
            y.stridesFor(op.label, out.sizes()),
            out.strides());
    MemorySegment a = x.data();
    MemorySegment b = y.data();
    MemorySegment c = out.data();
    long s = walk.step(0);
    long t = walk.step(1);
    long u = walk.step(2);
    switch (Elements.Precision.of(in)) {
      case FLOAT ->
          walk.run((at, n, w) -> {
            float[] one = Buffers.of(w).floats(0, Walk.ROW);
            float[] two = Buffers.of(w).floats(1, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, one, n);
            Elements.load(b, y.type(), at[1], t, two, n);
            FloatElements.binary(op, one, two, n);
            Elements.store(one, c, out.type(), at[2], u, n);
          });
      case DOUBLE ->
          walk.run((at, n, w) -> {
            double[] one = Buffers.of(w).doubles(0, Walk.ROW);
            double[] two = Buffers.of(w).doubles(1, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, one, n);
            Elements.load(b, y.type(), at[1], t, two, n);
            DoubleElements.binary(op, one, two, n);
            Elements.store(one, c, out.type(), at[2], u, n);
          });
      case LONG ->
          walk.run((at, n, w) -> {
            long[] one = Buffers.of(w).longs(0, Walk.ROW);
            long[] two = Buffers.of(w).longs(1, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, one, n);
            Elements.load(b, y.type(), at[1], t, two, n);
            LongElements.binary(op, one, two, n);
            Elements.store(one, c, out.type(), at[2], u, n);
          });
    }
  }

  @Override
  default Tensor binary(Binary op, Tensor tensor, double number) {
    Strided x = tensor.strided();
    if (op == Binary.MINIMUM || op == Binary.MAXIMUM || op == Binary.AND || op == Binary.OR) {
      throw new IllegalArgumentException(op.label + ": expected a tensor, got a number");
    }
    DType type =
        computed(op, Promotion.of(x, number), x.type(), () -> x.describe() + " and " + number);
    if (op == Binary.POW && !type.isFloating() && number < 0) {
      throw new TensorException(
          "pow: expected floating-point elements for a negative exponent, got " + x.describe());
    }
    boolean rounded = compares(op) || op == Binary.REMAINDER;
    Strided out = Strided.allocate(compares(op) ? DType.BOOL : type, x.sizes());
    into(op, x, rounded ? rounded(number, type) : number, out, type);
    return Tensor.wrap(out);
  }

  /** A number as a type of half precision holds it. */
  private static double rounded(double number, DType type) {
    return switch (type) {
      case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) number));
      case BF16 -> Float.intBitsToFloat(Elements.bf16((float) number) << Short.SIZE);
      default -> number;
    };
  }

  /** Computes into an output of this shape. */
  static void into(Binary op, Strided x, double number, Strided out, DType in) {
    Walk walk =
        new Walk(x.sizes(), new long[] {x.offset(), out.offset()}, x.strides(), out.strides());
    MemorySegment a = x.data();
    MemorySegment c = out.data();
    long s = walk.step(0);
    long u = walk.step(1);
    switch (Elements.Precision.of(in)) {
      case FLOAT ->
          walk.run((at, n, w) -> {
            float[] one = Buffers.of(w).floats(0, Walk.ROW);
            float[] two = Buffers.of(w).floats(1, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, one, n);
            Arrays.fill(two, 0, n, (float) number);
            FloatElements.binary(op, one, two, n);
            Elements.store(one, c, out.type(), at[1], u, n);
          });
      case DOUBLE ->
          walk.run((at, n, w) -> {
            double[] one = Buffers.of(w).doubles(0, Walk.ROW);
            double[] two = Buffers.of(w).doubles(1, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, one, n);
            Arrays.fill(two, 0, n, number);
            DoubleElements.binary(op, one, two, n);
            Elements.store(one, c, out.type(), at[1], u, n);
          });
      case LONG ->
          walk.run((at, n, w) -> {
            long[] one = Buffers.of(w).longs(0, Walk.ROW);
            long[] two = Buffers.of(w).longs(1, Walk.ROW);
            Elements.load(a, x.type(), at[0], s, one, n);
            Arrays.fill(two, 0, n, (long) number);
            LongElements.binary(op, one, two, n);
            Elements.store(one, c, out.type(), at[1], u, n);
          });
    }
  }

  @Override
  default Tensor clamp(Tensor tensor, double low, double high) {
    Strided x = tensor.strided();
    DType type = x.type();
    for (double bound : new double[] {low, high}) {
      if (Double.isFinite(bound)) {
        type = Promotion.of(type, Promotion.of(x, bound));
      }
    }
    Strided out = Strided.allocate(type, x.sizes());
    Elements.copy("clamp", x, out);
    if (low != Double.NEGATIVE_INFINITY) {
      bound(out, low, Binary.MAXIMUM);
    }
    if (high != Double.POSITIVE_INFINITY) {
      bound(out, high, Binary.MINIMUM);
    }
    return Tensor.wrap(out);
  }

  private static void bound(Strided x, double bound, Binary op) {
    into(op, x, x.type() == DType.U8 ? (long) bound & 0xff : bound, x, x.type());
  }

  @Override
  default Tensor where(Tensor condition, Tensor yes, Tensor no) {
    Strided c = condition.strided();
    Strided y = yes.strided();
    Strided n = no.strided();
    if (c.type() != DType.BOOL) {
      throw new TensorException("where: expected a bool condition, got " + c.describe());
    }
    DType type = Promotion.of(y, n);
    long[] both = Strided.together("where", y, n);
    Strided shaped = new Strided(n.memory(), 0, both, Strided.rowMajor(both), type);
    Strided out = Strided.allocate(type, Strided.together("where", c, shaped));
    choose("where", c, y, n, out);
    return Tensor.wrap(out);
  }

  /** Takes {@code yes} where the condition holds, else {@code no}. */
  static void choose(String operation, Strided condition, Strided yes, Strided no, Strided out) {
    Walk walk =
        new Walk(
            out.sizes(),
            new long[] {condition.offset(), yes.offset(), no.offset(), out.offset()},
            condition.stridesFor(operation, out.sizes()),
            yes.stridesFor(operation, out.sizes()),
            no.stridesFor(operation, out.sizes()),
            out.strides());
    MemorySegment c = condition.data();
    long s = walk.step(0);
    if (Elements.Precision.of(out.type()) == Elements.Precision.LONG) {
      walk.run((at, count, w) -> {
        long[] one = Buffers.of(w).longs(0, Walk.ROW);
        long[] two = Buffers.of(w).longs(1, Walk.ROW);
        Elements.load(yes.data(), yes.type(), at[1], walk.step(1), one, count);
        Elements.load(no.data(), no.type(), at[2], walk.step(2), two, count);
        for (int i = 0; i < count; i++) {
          boolean holds = c.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at[0] + i * s) != 0;
          one[i] = holds ? one[i] : two[i];
        }
        Elements.store(one, out.data(), out.type(), at[3], walk.step(3), count);
      });
      return;
    }
    walk.run((at, count, w) -> {
      double[] one = Buffers.of(w).doubles(0, Walk.ROW);
      double[] two = Buffers.of(w).doubles(1, Walk.ROW);
      Elements.load(yes.data(), yes.type(), at[1], walk.step(1), one, count);
      Elements.load(no.data(), no.type(), at[2], walk.step(2), two, count);
      for (int i = 0; i < count; i++) {
        boolean holds = c.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at[0] + i * s) != 0;
        one[i] = holds ? one[i] : two[i];
      }
      Elements.store(one, out.data(), out.type(), at[3], walk.step(3), count);
    });
  }

  @Override
  default Tensor maskedFill(Tensor tensor, Tensor mask, double value) {
    Strided x = tensor.strided();
    Strided m = mask.strided();
    if (m.type() != DType.BOOL) {
      throw new TensorException("maskedFill: expected a bool mask, got " + m.describe());
    }
    Strided out = Strided.allocate(x.type(), Strided.together("maskedFill", x, m));
    Strided filling = Strided.allocate(x.type());
    try {
      Elements.set(filling.data(), x.type(), 0, value);
      choose("maskedFill", m, filling, x, out);
    } finally {
      filling.memory().release();
    }
    return Tensor.wrap(out);
  }
}
