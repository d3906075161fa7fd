package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a process may still take: what the machine has available, and what each control
 * group above the process leaves it.
 *
 * <p>Linux says both in files. Elsewhere only the machine's whole memory is known for certain,
 * since what is called free there leaves out what the system would give back.
 */
final class FreeMemory {
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d{1,15}) kB");
  private static final Pattern GROUP = Pattern.compile("0::(/.*)");
  private static final Pattern RECLAIMED = Pattern.compile("inactive_file (\\d{1,18})");
  private static final double GIGABYTE = 1e9;

  private final Path root;

  /**
   * The memory that a system's files speak of.
   *
   * @param root where {@code proc} and {@code sys} lie
   */
  FreeMemory(Path root) {
    this.root = root;
  }

  /**
   * Refuses weights that do not fit, before any is read.
   *
   * @param where the model, for the message
   * @param source what is to be read
   * @param dtype what floating-point weights are converted to, or null
   * @throws CheckpointException {@code TOO_LARGE} with both figures
   */
  static void require(String where, WeightSource source, @Nullable DType dtype) {
    long needed = 0;
    for (String name : source.names()) {
      DType stored = source.dtype(name);
      DType taken = dtype != null && stored.isFloating() ? dtype : stored;
      needed += source.memory(name, taken);
    }
    long free = new FreeMemory(Path.of("/")).bytes();
    if (needed > free) {
      throw new CheckpointException(
          Kind.TOO_LARGE,
          where,
          "free memory for its weights, " + gigabytes(needed),
          gigabytes(free),
          "Load it in half precision, take a smaller model, or end what else uses memory.");
    }
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / GIGABYTE);
  }

  /** The bytes that may still be taken, {@code Long.MAX_VALUE} where nothing tells. */
  long bytes() {
    OptionalLong machine = number(root.resolve("proc/meminfo"), AVAILABLE);
    long free = machine.isPresent() ? machine.getAsLong() * 1024 : whole();
    Matcher group = GROUP.matcher(text(root.resolve("proc/self/cgroup")).strip());
    if (group.matches()) {
      Path top = root.resolve("sys/fs/cgroup");
      Path folder = top.resolve(group.group(1).substring(1)).normalize();
      for (Path at = folder; at != null && at.startsWith(top); at = at.getParent()) {
        free = Math.min(free, left(at));
      }
    }
    return free;
  }

  /** What one control group leaves: its files' pages are given back when others are asked for. */
  private static long left(Path group) {
    long most = digits(text(group.resolve("memory.max")));
    long used = digits(text(group.resolve("memory.current")));
    if (most < 0 || used < 0) {
      return Long.MAX_VALUE; // "max", or no such file
    }
    long reclaimed = number(group.resolve("memory.stat"), RECLAIMED).orElse(0);
    return Math.max(0, most - used + reclaimed);
  }

  private static long digits(String text) {
    return text.strip().matches("\\d{1,18}") ? Long.parseLong(text.strip()) : -1;
  }

  private static OptionalLong number(Path file, Pattern pattern) {
    Matcher found = pattern.matcher(text(file));
    return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return ""; // this system does not tell
    }
  }

  private static long whole() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
