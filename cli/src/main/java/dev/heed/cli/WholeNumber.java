package dev.heed.cli;

import picocli.CommandLine.TypeConversionException;

/** A whole number as an option's value. */
final class WholeNumber {
  private WholeNumber() {}

  static int of(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected a whole number, got '" + text + "'");
    }
  }
}
