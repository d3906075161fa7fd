package dev.heed.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.global.torch;

/** Element by element, by LibTorch. */
interface LibTorchElements extends ElementOperators {
  @Override
  default Tensor unary(Unary op, Tensor x) {
    return Native.op(op.label, x, handle -> unary(op, handle));
  }

  private static org.bytedeco.pytorch.Tensor unary(Unary op, org.bytedeco.pytorch.Tensor x) {
    return switch (op) {
      case NEG -> x.neg();
      case ABS -> x.abs();
      case SIGN -> x.sign();
      case EXP -> x.exp();
      case LOG -> x.log();
      case EXPM1 -> x.expm1();
      case LOG1P -> x.log1p();
      case SQRT -> x.sqrt();
      case RSQRT -> x.rsqrt();
      case SQUARE -> x.square();
      case RECIPROCAL -> x.reciprocal();
      case SIN -> x.sin();
      case COS -> x.cos();
      case TANH -> x.tanh();
      case SIGMOID -> x.sigmoid();
      case RELU -> x.relu();
      case ERF -> x.erf();
      case FLOOR -> x.floor();
      case CEIL -> x.ceil();
      case ROUND -> x.round();
      case GELU -> torch.gelu(x, "none");
      case GELU_TANH -> torch.gelu(x, "tanh");
      case SILU -> torch.silu(x);
      case SOFTPLUS -> torch.softplus(x);
      case ELU -> torch.elu(x);
      case NOT -> x.logical_not();
      case IS_NAN -> torch.isnan(x);
      case IS_FINITE -> torch.isfinite(x);
    };
  }

  @Override
  default Tensor binary(Binary op, Tensor x, Tensor y) {
    return Native.op(op.label, x, y, (a, b) -> binary(op, a, b));
  }

  private static org.bytedeco.pytorch.Tensor binary(
      Binary op, org.bytedeco.pytorch.Tensor x, org.bytedeco.pytorch.Tensor y) {
    return switch (op) {
      case ADD -> x.add(y);
      case SUB -> x.sub(y);
      case MUL -> x.mul(y);
      case DIV -> x.div(y);
      case POW -> x.pow(y);
      case REMAINDER -> x.remainder(y);
      case FLOOR_DIV -> x.floor_divide(y);
      case MINIMUM -> x.minimum(y);
      case MAXIMUM -> x.maximum(y);
      case EQ -> x.eq(y);
      case NE -> x.ne(y);
      case LT -> x.lt(y);
      case LE -> x.le(y);
      case GT -> x.gt(y);
      case GE -> x.ge(y);
      case AND -> x.logical_and(y);
      case OR -> x.logical_or(y);
    };
  }

  @Override
  default Tensor binary(Binary op, Tensor x, double number) {
    return Native.op(op.label, x, number, (a, scalar) -> binary(op, a, scalar));
  }

  private static org.bytedeco.pytorch.Tensor binary(
      Binary op, org.bytedeco.pytorch.Tensor x, Scalar y) {
    return switch (op) {
      case ADD -> x.add(y);
      case SUB -> x.sub(y);
      case MUL -> x.mul(y);
      case DIV -> x.div(y);
      case POW -> x.pow(y);
      case REMAINDER -> x.remainder(y);
      case FLOOR_DIV -> x.floor_divide(y);
      case EQ -> x.eq(y);
      case NE -> x.ne(y);
      case LT -> x.lt(y);
      case LE -> x.le(y);
      case GT -> x.gt(y);
      case GE -> x.ge(y);
      case MINIMUM, MAXIMUM, AND, OR ->
          throw new IllegalArgumentException(op.label + ": expected a tensor, got a number");
    };
  }

  @Override
  default Tensor clamp(Tensor x, double low, double high) {
    return Native.op(
        "clamp",
        x,
        handle -> {
          try (Scalar least = Conversions.scalar(low, x.dtype());
              Scalar most = Conversions.scalar(high, x.dtype());
              ScalarOptional from =
                  low == Double.NEGATIVE_INFINITY
                      ? new ScalarOptional()
                      : new ScalarOptional(least);
              ScalarOptional to =
                  high == Double.POSITIVE_INFINITY
                      ? new ScalarOptional()
                      : new ScalarOptional(most)) {
            return handle.clamp(from, to);
          }
        });
  }

  @Override
  default Tensor where(Tensor condition, Tensor yes, Tensor no) {
    return Native.op("where", condition, yes, no, (c, y, n) -> torch.where(c, y, n));
  }

  @Override
  default Tensor maskedFill(Tensor x, Tensor mask, double value) {
    return Native.op(
        "maskedFill", x, value, (handle, scalar) -> handle.masked_fill(mask.handle(), scalar));
  }
}
