package dev.heed.tensor;

/** The element type of a result, as LibTorch promotes types. */
final class Promotion {
  private Promotion() {}

  /** Of two tensors: one with dimensions goes before a scalar of its kind. */
  static DType of(Strided x, Strided y) {
    if ((x.rank() == 0) == (y.rank() == 0)) {
      return of(x.type(), y.type());
    }
    return x.rank() > 0 ? leading(x.type(), y.type()) : leading(y.type(), x.type());
  }

  /** Of a tensor and a number. */
  static DType of(Strided x, double number) {
    DType type = x.type();
    boolean whole = !type.isFloating() && number == Math.rint(number);
    return leading(type, whole ? DType.I64 : DType.F32);
  }

  /** What goes before decides within its kind; floating goes before whole, whole before truth. */
  private static DType leading(DType first, DType second) {
    return kind(second) > kind(first) ? second : first;
  }

  private static int kind(DType type) {
    return type == DType.BOOL ? 0 : type.isInteger() ? 1 : 2;
  }

  /** Of two types that count alike. */
  static DType of(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (kind(a) != kind(b)) {
      return kind(a) > kind(b) ? a : b;
    }
    if (a.isFloating()) {
      return a == DType.F64 || b == DType.F64 ? DType.F64 : DType.F32; // f16 with bf16 as well
    }
    return a == DType.I64 || b == DType.I64 ? DType.I64 : DType.I32;
  }

  /** Whole numbers as f32, others as they are: of functions whose values are fractions. */
  static DType floating(DType type) {
    return type.isFloating() ? type : DType.F32;
  }
}
