package dev.heed.cli.doctor;

import dev.heed.attention.kernel.AttentionPath;
import dev.heed.attention.kernel.PathChoice;
import dev.heed.tensor.Backend;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.NativeSettings;
import dev.heed.tensor.TensorException;
import dev.heed.tensor.kernel.Kernels;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at this machine and this process, one method a finding. */
final class Examination {
  private static final int NEEDED_JAVA = 25;
  private static final long GIB = 1L << 30;
  private static final String ENCODER = "/all-minilm-l6-v2.onnx";

  /** What of the processor decides the speed of matrix products, as Linux names it. */
  private static final Set<String> TELLING_FEATURES =
      Set.of("avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "bf16");

  /** The variable by which a user chooses OpenBLAS's kernels. */
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";

  /** OpenBLAS's kernels that use vectors of 512 bits. */
  private static final Set<String> WIDE_CORES = Set.of("SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS");

  private Examination() {}

  static List<Finding> all() {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk());
    findings.add(engine());
    if (EngineChoice.live().kind() == EngineChoice.Kind.LIBTORCH) {
      findings.add(nativeAccess());
      findings.addAll(libTorch());
      findings.add(memoryAccounting());
      findings.add(nativeCache());
    } else {
      findings.add(kernels());
      findings.add(
          Finding.ok(
              "GGUF weights",
              "multiplied as they lie in the mapped file: bf16, Q8_0, Q4_0, Q4_K, Q5_K, Q6_K by"
                  + " loops of their own, others row by row"));
      findings.add(threads());
    }
    findings.add(attentionPath());
    findings.add(heap());
    findings.add(encoder());
    return findings;
  }

  private static Finding jdk() {
    String value =
        Runtime.version()
            + " ("
            + System.getProperty("java.vendor")
            + "), "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch");
    return Runtime.version().feature() >= NEEDED_JAVA
        ? Finding.ok("JDK", value)
        : Finding.broken("JDK", value, "install a JDK " + NEEDED_JAVA + " or newer");
  }

  private static Finding engine() {
    EngineChoice live = EngineChoice.live();
    return Finding.ok(
        "engine",
        switch (live.kind()) {
          case LIBTORCH -> "LibTorch: " + live.reason();
          case JAVA -> "Java, which computes no gradients: " + live.reason();
        });
  }

  /** How the Java engine multiplies. */
  private static Finding kernels() {
    Kernels live = Kernels.live();
    return live.byVectors()
        ? Finding.ok("products", "by vectors: " + live.reason())
        : Finding.weak(
            "products",
            "by plain loops, many times slower: " + live.reason(),
            "run java with --add-modules jdk.incubator.vector, as ./heed does, and without -D"
                + Kernels.PROPERTY);
  }

  private static Finding nativeAccess() {
    return Examination.class.getModule().isNativeAccessEnabled()
        ? Finding.ok("native access", "enabled")
        : Finding.weak(
            "native access",
            "not enabled: the JVM warns now, and will refuse in a later version",
            "run java with --enable-native-access=ALL-UNNAMED, as ./heed does");
  }

  private static List<Finding> libTorch() {
    try {
      List<Finding> findings = new ArrayList<>();
      findings.add(Finding.ok("LibTorch", Backend.version()));
      findings.add(processor());
      findings.add(matrixKernels(System.getenv(CORE_TYPE), Backend.cpuCapability()));
      findings.add(convolutions(Backend.usesOneDnn()));
      findings.add(threads());
      return findings;
    } catch (TensorException | LinkageError e) {
      return List.of(
          Finding.broken(
              "LibTorch",
              String.valueOf(
                  e instanceof ExceptionInInitializerError i ? i.getCause() : e.getMessage()),
              "LibTorch is published for Linux x86-64, macOS and Windows x86-64; on one of these,"
                  + " build again, and delete "
                  + NativeSettings.cacheDirectory()
                  + " if a file there is broken"));
    }
  }

  private static Finding processor() {
    String capability = Backend.cpuCapability();
    Set<String> features = features();
    String value = capability + (features.isEmpty() ? "" : " (" + String.join(" ", features) + ")");
    return capability.equalsIgnoreCase("DEFAULT")
        ? Finding.weak(
            "processor",
            value,
            "nothing to install: this processor has no AVX2, so matrix products are slow")
        : Finding.ok("processor", value);
  }

  /** The telling features that Linux lists; empty elsewhere. */
  private static Set<String> features() {
    Set<String> found = new TreeSet<>();
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      lines
          .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
          .findFirst()
          .ifPresent(line -> found.addAll(List.of(line.split("\\s+"))));
    } catch (IOException e) {
      return Set.of();
    }
    found.retainAll(TELLING_FEATURES);
    return found;
  }

  /**
   * Which of its kernels OpenBLAS takes for f32 products.
   *
   * @param chosen by the environment, or null
   */
  static Finding matrixKernels(@Nullable String chosen, String capability) {
    if (chosen == null || chosen.isBlank()) {
      return Finding.ok("f32 products", "OpenBLAS takes its kernels for this processor");
    }
    String value = CORE_TYPE + "=" + chosen + " chooses OpenBLAS's kernels";
    return capability.startsWith("AVX512") && !WIDE_CORES.contains(chosen.toUpperCase(Locale.ROOT))
        ? Finding.weak(
            "f32 products",
            value + ", which use half of this processor's width",
            "unset " + CORE_TYPE + "; training in f32 may run twice as fast")
        : Finding.ok("f32 products", value);
  }

  /** What convolves, and multiplies bf16. */
  static Finding convolutions(boolean byOneDnn) {
    return byOneDnn
        ? Finding.ok("convolutions", "by oneDNN, as products of bf16 and of packed maps")
        : Finding.weak(
            "convolutions",
            "without oneDNN, several times slower, as products of bf16: it is turned off, or"
                + " computes wrong numbers on this machine",
            "leave -Dheed.onednn alone, and have the host of a virtual machine show the"
                + " processor's caches (cpuid leaf 4 or 0x8000001D)");
  }

  private static Finding threads() {
    int used = Backend.threads();
    int available = Runtime.getRuntime().availableProcessors();
    String value = used + " of " + available + " available processors";
    return used > available
        ? Finding.weak("threads", value, "use --threads " + available)
        : Finding.ok("threads", value);
  }

  private static Finding attentionPath() {
    PathChoice live = PathChoice.live();
    String value = live.path().name().toLowerCase(Locale.ROOT) + ": " + live.reason();
    return live.path() == AttentionPath.VECTOR
        ? Finding.ok("vector path", value)
        : Finding.weak(
            "vector path",
            value,
            "run java with --add-modules jdk.incubator.vector, as ./heed does, and without -D"
                + PathChoice.PROPERTY);
  }

  private static Finding heap() {
    long heap = Runtime.getRuntime().maxMemory();
    long machine =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    String value =
        String.format(
            Locale.ROOT,
            "Java heap up to %.1f GiB of %.1f GiB; tensors lie outside it",
            (double) heap / GIB,
            (double) machine / GIB);
    return heap * 4 > machine * 3
        ? Finding.weak("memory", value, "leave room for tensors: run java with a smaller -Xmx")
        : Finding.ok("memory", value);
  }

  private static Finding memoryAccounting() {
    String bytes = System.getProperty(NativeSettings.MAX_BYTES, "not set");
    String physical = System.getProperty(NativeSettings.MAX_PHYSICAL_BYTES, "not set");
    return bytes.equals("0") && physical.equals("0")
        ? Finding.ok("accounting", "off: small operations cost half")
        : Finding.weak(
            "accounting",
            "JavaCPP counts memory: maxBytes " + bytes + ", maxPhysicalBytes " + physical,
            "leave both properties to Heed, or set them to 0");
  }

  private static Finding nativeCache() {
    File cache = NativeSettings.cacheDirectory();
    String value = cache + ", where JavaCPP unpacks LibTorch";
    File existing = cache;
    while (existing != null && !existing.exists()) {
      existing = existing.getParentFile();
    }
    return existing != null && existing.canWrite()
        ? Finding.ok("native cache", value)
        : Finding.weak(
            "native cache",
            value + ": may not be written",
            "run java with -D"
                + NativeSettings.CACHE_DIRECTORY
                + "=DIR for a directory that may be"
                + " (HEED_JAVA_OPTIONS for ./heed)");
  }

  private static Finding encoder() {
    URL model = Examination.class.getResource(ENCODER);
    return model != null
        ? Finding.ok("encoder", "all-MiniLM-L6-v2, in the class path")
        : Finding.weak(
            "encoder",
            "all-MiniLM-L6-v2 is not in the class path",
            "add dev.heed:heed-minilm, or name a folder by --model");
  }
}
