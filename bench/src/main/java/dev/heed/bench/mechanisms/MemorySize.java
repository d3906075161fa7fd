package dev.heed.bench.mechanisms;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory as people write it: {@code 512M}, {@code 4G}.
 *
 * @param bytes above 0
 */
record MemorySize(double bytes) {
  private static final double KILO = 1024;
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)([KMG])B?");

  /** Reads {@code 4G} and its like. */
  static final class Converter implements ITypeConverter<MemorySize> {
    @Override
    public MemorySize convert(String text) {
      Matcher form = FORM.matcher(text.toUpperCase(Locale.ROOT));
      if (!form.matches() || Double.parseDouble(form.group(1)) == 0) {
        throw new TypeConversionException("expected an amount like 512M or 4G, got " + text);
      }
      double unit = Math.pow(KILO, 1 + "KMG".indexOf(form.group(2)));
      return new MemorySize(Double.parseDouble(form.group(1)) * unit);
    }
  }

  @Override
  public String toString() {
    double gigabytes = bytes / (KILO * KILO * KILO);
    return gigabytes >= 1
        ? String.format(
            Locale.ROOT, gigabytes == Math.rint(gigabytes) ? "%.0f GB" : "%.1f GB", gigabytes)
        : String.format(Locale.ROOT, "%.0f MB", bytes / (KILO * KILO));
  }
}
