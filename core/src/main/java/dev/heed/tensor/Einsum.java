package dev.heed.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums of products over named dimensions, as products of matrices: of two operands, the dimensions
 * of both and of what follows are the batch, those of one alone are rows and columns, and the rest
 * is summed.
 */
final class Einsum {
  private record Named(Tensor tensor, String names) {}

  private Einsum() {}

  static Tensor of(String equation, List<Tensor> operands) {
    String[] sides = equation.replace(" ", "").split("->", -1);
    String[] names = sides[0].split(",", -1);
    if (sides.length != 2 || names.length != operands.size() || equation.contains(".")) {
      throw new ShapeException(
          "einsum: expected names for "
              + operands.size()
              + " operands and for the result, got "
              + equation);
    }
    Map<Character, Long> sizes = new LinkedHashMap<>();
    List<Named> parts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      parts.add(checked(equation, operands.get(i), names[i], sizes));
    }
    return TensorScope.run(() -> {
      Named product = parts.getFirst();
      for (int i = 1; i < parts.size(); i++) {
        StringBuilder later = new StringBuilder(sides[1]);
        for (int j = i + 1; j < parts.size(); j++) {
          later.append(parts.get(j).names);
        }
        product = pair(product, parts.get(i), later.toString(), sizes);
      }
      return ordered(summed(product, sides[1]), sides[1], equation);
    });
  }

  private static Named checked(
      String equation, Tensor operand, String names, Map<Character, Long> sizes) {
    boolean fits =
        names.length() == operand.rank() && names.chars().distinct().count() == names.length();
    for (int d = 0; fits && d < names.length(); d++) {
      Long known = sizes.putIfAbsent(names.charAt(d), operand.size(d));
      fits = known == null || known == operand.size(d);
    }
    if (!fits) {
      throw new ShapeException(
          "einsum "
              + equation
              + ": expected a name for each dimension, of one size wherever it stands, got "
              + operand.describe()
              + " for "
              + names);
    }
    return new Named(operand, names);
  }

  /** Without the dimensions that nothing needs any more. */
  private static Named summed(Named x, String needed) {
    Named result = x;
    for (int d = x.names.length() - 1; d >= 0; d--) {
      if (needed.indexOf(x.names.charAt(d)) < 0) {
        String left = result.names.substring(0, d) + result.names.substring(d + 1);
        result = new Named(result.tensor.sum(d, false), left);
      }
    }
    return result;
  }

  private static Named pair(Named x, Named y, String later, Map<Character, Long> sizes) {
    Named a = summed(x, y.names + later);
    Named b = summed(y, x.names + later);
    StringBuilder batch = new StringBuilder();
    StringBuilder inner = new StringBuilder();
    StringBuilder rows = new StringBuilder();
    for (char name : a.names.toCharArray()) {
      boolean shared = b.names.indexOf(name) >= 0;
      (!shared ? rows : later.indexOf(name) >= 0 ? batch : inner).append(name);
    }
    StringBuilder columns = new StringBuilder();
    for (char name : b.names.toCharArray()) {
      if (a.names.indexOf(name) < 0) {
        columns.append(name);
      }
    }
    long[] shape = {
      product(batch, sizes), product(rows, sizes), product(inner, sizes), product(columns, sizes)
    };
    Tensor left = ordered(a, "" + batch + rows + inner, "").reshape(shape[0], shape[1], shape[2]);
    Tensor right =
        ordered(b, "" + batch + inner + columns, "").reshape(shape[0], shape[2], shape[3]);
    String names = "" + batch + rows + columns;
    long[] result = names.chars().mapToLong(c -> size((char) c, sizes)).toArray();
    return new Named(left.matmul(right).reshape(result), names);
  }

  private static long product(CharSequence names, Map<Character, Long> sizes) {
    return names.chars().mapToLong(c -> size((char) c, sizes)).reduce(1, (a, b) -> a * b);
  }

  private static long size(char name, Map<Character, Long> sizes) {
    Long size = sizes.get(name);
    if (size == null) {
      throw new ShapeException("einsum: expected an operand that has " + name);
    }
    return size;
  }

  private static Tensor ordered(Named x, String names, String equation) {
    long[] dims = names.chars().mapToLong(x.names::indexOf).toArray();
    for (long dim : dims) {
      if (dim < 0 || dims.length != x.names.length()) {
        throw new ShapeException(
            "einsum " + equation + ": expected names of operands in the result, got " + names);
      }
    }
    return x.tensor.permute(dims);
  }
}
