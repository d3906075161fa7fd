package dev.heed.cli;

import dev.heed.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** A type of weights as an option's value: no other numbers are of use there. */
final class FloatingType {
  private FloatingType() {}

  static DType of(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(DType.values())
        .filter(type -> type.isFloating() && type.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException(
                "expected one of "
                    + Arrays.stream(DType.values())
                        .filter(DType::isFloating)
                        .map(DType::toString)
                        .collect(Collectors.joining(", "))
                    + ", got '"
                    + text
                    + "'"));
  }
}
