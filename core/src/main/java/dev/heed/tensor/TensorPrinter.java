package dev.heed.tensor;

import java.util.Locale;

/** Prints a tensor as a person reads it: description, then nested rows, shortened at the middle. */
final class TensorPrinter {
  private static final int EDGE = 3;
  private static final int WHOLE = 8;

  private TensorPrinter() {}

  static String print(Tensor tensor) {
    if (tensor.isClosed()) {
      return tensor.describe();
    }
    StringBuilder text = new StringBuilder(tensor.describe()).append(' ');
    if (tensor.dtype().isComplex()) {
      return text.append("of complex numbers; print its real and imaginary parts").toString();
    }
    try (TensorScope scope = TensorScope.open()) {
      rows(tensor.detach(), 0, text);
    }
    return text.toString();
  }

  private static void rows(Tensor tensor, int depth, StringBuilder text) {
    if (tensor.rank() == 0) {
      text.append(number(tensor));
      return;
    }
    text.append('[');
    long size = tensor.size(0);
    for (long i = 0; i < size; i++) {
      if (i > 0) {
        text.append(tensor.rank() == 1 ? ", " : ",\n " + " ".repeat(depth));
      }
      if (size > WHOLE && i == EDGE) {
        text.append('…');
        i = size - EDGE - 1;
        continue;
      }
      rows(tensor.select(0, i), depth + 1, text);
    }
    text.append(']');
  }

  private static String number(Tensor scalar) {
    return switch (scalar.dtype()) {
      case BOOL -> Boolean.toString(scalar.itemLong() != 0);
      case I64, I32, U8 -> Long.toString(scalar.itemLong());
      default -> String.format(Locale.ROOT, "%.4g", scalar.item());
    };
  }
}
