package dev.heed.bench.attention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's highest resident size since a reset, as Linux counts it. */
public final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  private PeakMemory() {}

  /** By how many bytes the peak rises above the resident size while this runs; NaN if unknown. */
  public static double during(Runnable body) {
    try {
      Files.writeString(RESET, "5");
      long before = kilobytes("VmRSS:");
      body.run();
      return Math.max(0, kilobytes("VmHWM:") - before) * 1024.0;
    } catch (IOException e) {
      body.run();
      return Double.NaN;
    }
  }

  /** The highest resident size in bytes since the last reset; NaN if unknown. */
  public static double highest() {
    try {
      return kilobytes("VmHWM:") * 1024.0;
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static long kilobytes(String field) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + field + " in " + STATUS);
  }
}
