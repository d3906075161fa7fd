package dev.heed.tensor;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;

/**
 * Calls LibTorch in the thread's {@link RecordingMode}: wraps what it returns, translates what it
 * throws.
 *
 * <p>What a call needs besides tensors, a {@link Scalar} for example, is made and closed within it:
 * see {@link Pinned}.
 */
final class Native {
  /** An operator of three tensors. */
  @FunctionalInterface
  interface Ternary {
    org.bytedeco.pytorch.Tensor apply(
        org.bytedeco.pytorch.Tensor x,
        org.bytedeco.pytorch.Tensor y,
        org.bytedeco.pytorch.Tensor z);
  }

  private Native() {}

  /** A call with any result. */
  static <T> T run(String operation, Supplier<T> body, Tensor... operands) {
    try {
      return RecordingMode.in(body);
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, operands);
    }
  }

  static Tensor call(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... operands) {
    try {
      return Tensor.wrap(RecordingMode.in(body));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, operands);
    }
  }

  /** The themed interfaces pass {@code this}: {@link Tensor} is the only class they permit. */
  static Tensor op(String operation, Object self, UnaryOperator<org.bytedeco.pytorch.Tensor> body) {
    Tensor x = (Tensor) self;
    try {
      return Tensor.wrap(RecordingMode.in(() -> body.apply(x.handle())));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x);
    }
  }

  static Tensor op(
      String operation, Object self, Tensor y, BinaryOperator<org.bytedeco.pytorch.Tensor> body) {
    Tensor x = (Tensor) self;
    try {
      return Tensor.wrap(RecordingMode.in(() -> body.apply(x.handle(), y.handle())));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x, y);
    }
  }

  static Tensor op(String operation, Object self, Tensor y, Tensor z, Ternary body) {
    Tensor x = (Tensor) self;
    try {
      return Tensor.wrap(RecordingMode.in(() -> body.apply(x.handle(), y.handle(), z.handle())));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x, y, z);
    }
  }

  static Tensor op(
      String operation,
      Object self,
      double value,
      BiFunction<org.bytedeco.pytorch.Tensor, Scalar, org.bytedeco.pytorch.Tensor> body) {
    return op(
        operation,
        self,
        x -> {
          try (Scalar scalar = Conversions.scalar(value, ((Tensor) self).dtype())) {
            return body.apply(x, scalar);
          }
        });
  }

  static List<Tensor> many(
      String operation, Object self, Function<org.bytedeco.pytorch.Tensor, TensorVector> body) {
    Tensor x = (Tensor) self;
    return run(
        operation,
        () -> {
          try (TensorVector vector = body.apply(x.handle())) {
            return Conversions.list(vector);
          }
        },
        x);
  }

  static Tensor.Ranked ranked(
      String operation, Object self, Function<org.bytedeco.pytorch.Tensor, T_TensorTensor_T> body) {
    Tensor x = (Tensor) self;
    return run(
        operation,
        () -> {
          try (T_TensorTensor_T pair = body.apply(x.handle())) {
            return new Tensor.Ranked(
                Tensor.wrap(new org.bytedeco.pytorch.Tensor(pair.get0())),
                Tensor.wrap(new org.bytedeco.pytorch.Tensor(pair.get1())));
          }
        },
        x);
  }

  /** An operator that writes returns the very handle it was called on. */
  static Tensor inPlace(
      String operation, Tensor x, Tensor y, Supplier<org.bytedeco.pytorch.Tensor> body) {
    try {
      var _ = RecordingMode.in(body);
      return x;
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x, y);
    }
  }

  static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle());
  }
}
