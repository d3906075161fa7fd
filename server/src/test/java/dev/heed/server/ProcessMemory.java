package dev.heed.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds, apart by who decides on it, in MB. What a program keeps is {@code live}
 * and {@code other}; how much of its address range the collector leaves resident beyond the live
 * objects is the collector's choice, and says nothing of a leak.
 *
 * @param live objects on the heap that a full collection leaves
 * @param heap resident pages of the heap
 * @param code what the virtual machine keeps of classes and compiled code
 * @param other resident pages beside the heap, without {@code code}: tensors, buffers, stacks
 */
record ProcessMemory(double live, double heap, double code, double other) {
  private static final double MB = 1 << 20;
  private static final double KB_OF_MB = 1 << 10;
  private static final Pattern RANGE = Pattern.compile("^([0-9a-f]+)-([0-9a-f]+) ");
  private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-f]{8,})");

  /** Collects garbage, then looks. */
  static ProcessMemory now() throws IOException, JMException {
    System.gc();
    double live = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MB;
    long[] range = heapRange();
    double heap = 0;
    double all = 0;
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      Matcher mapping = RANGE.matcher(line);
      if (mapping.find()) {
        long begin = Long.parseUnsignedLong(mapping.group(1), 16);
        inside =
            Long.compareUnsigned(begin, range[0]) >= 0 && Long.compareUnsigned(begin, range[1]) < 0;
      } else if (line.startsWith("Rss:")) {
        double resident = Long.parseLong(line.replaceAll("\\D", "")) / KB_OF_MB;
        all += resident;
        heap += inside ? resident : 0;
      }
    }
    double code = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      // compressed classes are counted by Metaspace too
      if (pool.getType() == MemoryType.NON_HEAP && !pool.getName().contains("Compressed")) {
        code += pool.getUsage().getCommitted() / MB;
      }
    }
    return new ProcessMemory(live, heap, code, all - heap - code);
  }

  /** From the first to the last address that the virtual machine says its heap has. */
  private static long[] heapRange() throws JMException {
    String info =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcHeapInfo",
                    new Object[0],
                    new String[0]);
    List<Long> addresses = new ArrayList<>();
    Matcher address = ADDRESS.matcher(info);
    while (address.find()) {
      addresses.add(Long.parseUnsignedLong(address.group(1), 16));
    }
    if (addresses.size() < 2) {
      throw new IllegalStateException("expected the heap's addresses, got " + info);
    }
    addresses.sort(Long::compareUnsigned);
    return new long[] {addresses.getFirst(), addresses.getLast()};
  }

  /** The mean of several looks. */
  static ProcessMemory mean(List<ProcessMemory> all) {
    return new ProcessMemory(
        all.stream().mapToDouble(ProcessMemory::live).average().orElseThrow(),
        all.stream().mapToDouble(ProcessMemory::heap).average().orElseThrow(),
        all.stream().mapToDouble(ProcessMemory::code).average().orElseThrow(),
        all.stream().mapToDouble(ProcessMemory::other).average().orElseThrow());
  }
}
