package dev.heed.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;

/** What the LibTorch in this process is and how many threads it uses. */
public final class LibTorch {
  private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

  private LibTorch() {}

  /** Its version, such as {@code 2.10.0}. */
  public static String version() {
    Bootstrap.load();
    String configuration = torch.show_config().getString();
    Matcher version = VERSION.matcher(configuration);
    return version.find() ? version.group(1) : "of unknown version";
  }

  /** The instruction set that its kernels were chosen for, such as {@code AVX512}. */
  public static String cpuCapability() {
    Bootstrap.load();
    return torch.get_cpu_capability().getString();
  }

  /** How many threads one operation may use. */
  public static int threads() {
    Bootstrap.load();
    return torch.get_num_threads();
  }

  /**
   * Sets how many threads one operation may use, for the whole process.
   *
   * @param threads at least 1
   * @throws TensorException if it is less
   */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new TensorException("threads must be at least 1, got " + threads);
    }
    Bootstrap.load();
    torch.set_num_threads(threads);
  }
}
