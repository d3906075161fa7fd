package dev.heed.tensor;

import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;

/** What is behind the tensors: the engine's abilities, its threads, the native library. */
public final class Backend {
  private Backend() {}

  /** The version of LibTorch, for example {@code 2.10.0-1.5.13}: LibTorch, then presets. */
  public static String version() {
    Bootstrap.load();
    try {
      return String.valueOf(Loader.getVersion("org.bytedeco", "pytorch"));
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  /** The instruction set LibTorch's own kernels use, for example {@code AVX512}. */
  public static String cpuCapability() {
    Bootstrap.load();
    return torch.get_cpu_capability().getString();
  }

  /**
   * Whether LibTorch convolves, and multiplies packed matrices, by oneDNN; those in bf16 only on a
   * processor with AVX-512 (BW, VL and DQ) or AVX-NE-CONVERT, which oneDNN asks for. Not where the
   * library lacks it, nor where it was found to compute wrong on this machine, as it does in
   * virtual machines that hide the processor's caches, nor with {@code -Dheed.onednn=off}.
   */
  public static boolean usesOneDnn() {
    Bootstrap.load();
    return OneDnn.isUsed();
  }

  /**
   * Whether the engine of this process can record operations for gradients: LibTorch does, the Java
   * engine does not ({@link EngineChoice}).
   */
  public static boolean hasGradients() {
    return Engine.live().hasGradients();
  }

  /**
   * Refuses what cannot be done without gradients, before work is put into it.
   *
   * @param what needs them, for the message
   * @throws TensorException if the engine of this process records none
   */
  public static void requireGradients(String what) {
    if (!hasGradients()) {
      throw new LackingOperatorException(
          what
              + ": expected an engine with gradients, got the Java engine ("
              + EngineChoice.live().reason()
              + "); "
              + EngineChoice.LIBTORCH_REMEDY);
    }
  }

  /**
   * How many threads one operation may use on this thread. Unless {@code OMP_NUM_THREADS} or {@link
   * #threads(int)} says otherwise, as many as the JVM may use: under a container's quota fewer than
   * the machine has.
   */
  public static int threads() {
    return Engine.live().threads().count();
  }

  /**
   * Sets how many threads one operation may use, for the whole process; other threads follow with
   * the next {@link TensorScope} they open.
   *
   * @param count from 1
   */
  public static void threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: expected 1 or more, got " + count);
    }
    Engine.live().threads().set(count);
  }

  /** The resident size of this process in bytes. */
  public static long residentBytes() {
    Bootstrap.load();
    return Pointer.physicalBytes();
  }
}
