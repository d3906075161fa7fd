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

/** Calls LibTorch: wraps what it returns, translates what it throws. */
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

  static Tensor call(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... operands) {
    try {
      return Tensor.wrap(body.get());
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, operands);
    }
  }

  /** The themed interfaces pass {@code this}: {@link Tensor} is the only class they permit. */
  static Tensor op(String operation, Object self, UnaryOperator<org.bytedeco.pytorch.Tensor> body) {
    Tensor x = (Tensor) self;
    try {
      return Tensor.wrap(body.apply(x.handle()));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x);
    }
  }

  static Tensor op(
      String operation, Object self, Tensor y, BinaryOperator<org.bytedeco.pytorch.Tensor> body) {
    Tensor x = (Tensor) self;
    try {
      return Tensor.wrap(body.apply(x.handle(), y.handle()));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x, y);
    }
  }

  static Tensor op(String operation, Object self, Tensor y, Tensor z, Ternary body) {
    Tensor x = (Tensor) self;
    try {
      return Tensor.wrap(body.apply(x.handle(), y.handle(), z.handle()));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x, y, z);
    }
  }

  static Tensor op(
      String operation,
      Object self,
      double value,
      BiFunction<org.bytedeco.pytorch.Tensor, Scalar, org.bytedeco.pytorch.Tensor> body) {
    Tensor x = (Tensor) self;
    try (Scalar scalar = Conversions.scalar(value, x.dtype())) {
      return Tensor.wrap(body.apply(x.handle(), scalar));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x);
    }
  }

  static List<Tensor> many(
      String operation, Object self, Function<org.bytedeco.pytorch.Tensor, TensorVector> body) {
    Tensor x = (Tensor) self;
    try (TensorVector vector = body.apply(x.handle())) {
      return Conversions.list(vector);
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x);
    }
  }

  static Tensor.Ranked ranked(
      String operation, Object self, Function<org.bytedeco.pytorch.Tensor, T_TensorTensor_T> body) {
    Tensor x = (Tensor) self;
    try (T_TensorTensor_T pair = body.apply(x.handle())) {
      return new Tensor.Ranked(
          Tensor.wrap(new org.bytedeco.pytorch.Tensor(pair.get0())),
          Tensor.wrap(new org.bytedeco.pytorch.Tensor(pair.get1())));
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x);
    }
  }

  /** An operator that writes returns the very handle it was called on. */
  static Tensor inPlace(
      String operation, Tensor x, Tensor y, Supplier<org.bytedeco.pytorch.Tensor> body) {
    try {
      var _ = body.get();
      return x;
    } catch (RuntimeException e) {
      throw NativeErrors.translate(operation, e, x, y);
    }
  }

  static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle());
  }
}
