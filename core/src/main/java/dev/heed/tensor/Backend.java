package dev.heed.tensor;

import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** The native library behind the tensors: its version, threads and memory. */
public final class Backend {
  static {
    Bootstrap.load();
  }

  private Backend() {}

  /** The version of LibTorch, for example {@code 2.10.0-1.5.13}: LibTorch, then presets. */
  public static String version() {
    try {
      return String.valueOf(Loader.getVersion("org.bytedeco", "pytorch"));
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  /** The instruction set LibTorch's own kernels use, for example {@code AVX512}. */
  public static String cpuCapability() {
    return torch.get_cpu_capability().getString();
  }

  /** How many threads one operation may use. */
  public static int threads() {
    return torch.get_num_threads();
  }

  /**
   * Sets how many threads one operation may use, for the whole process.
   *
   * @param count from 1
   */
  public static void threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: expected 1 or more, got " + count);
    }
    torch.set_num_threads(count);
    // LibTorch's f32 products are OpenBLAS's, whose threads are its own.
    openblas_nolapack.blas_set_num_threads(count);
  }

  /**
   * Makes the calling thread use one thread for each operation from now on.
   *
   * <p>LibTorch keeps that number for each thread, and gives a thread that is new to it the one set
   * last: so another thread sets that back.
   */
  static synchronized void useOneThreadHere() {
    int others = torch.get_num_threads();
    torch.set_num_threads(1);
    Thread restoring = Thread.ofPlatform().start(() -> torch.set_num_threads(others));
    while (restoring.isAlive()) {
      try {
        restoring.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The resident size of this process in bytes. */
  public static long residentBytes() {
    return Pointer.physicalBytes();
  }
}
