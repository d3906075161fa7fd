package dev.heed.tensor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Loads LibTorch once, with JavaCPP set up for Heed.
 *
 * <p>JavaCPP reads these properties when its first class loads, so every class here that touches
 * LibTorch calls {@link #load()} first. One that is set already stays as it is.
 *
 * <ul>
 *   <li>Memory accounting is off: every allocation would read the process size from the operating
 *       system, which doubles the cost of a small operation. Heed frees memory by {@link
 *       TensorScope}, so the limits serve nothing.
 *   <li>The search for CUDA libraries is off: it takes a quarter of a second, finds nothing that
 *       the CPU build uses, and loads what happens to lie about. For a CUDA build set {@code
 *       org.bytedeco.javacpp.platform.extension=-gpu}.
 *   <li>The libraries are unpacked to {@link NativeSettings#cacheDirectory}, which no other account
 *       can write to.
 *   <li>Idle threads sleep: see {@link IdleThreads}.
 *   <li>oneDNN is used where it computes right: see {@link OneDnn}.
 *   <li>The process may end while threads compute: see {@link ProcessEnd}.
 * </ul>
 */
final class Bootstrap {
  static {
    setUnlessGiven(NativeSettings.MAX_BYTES, "0");
    setUnlessGiven(NativeSettings.MAX_PHYSICAL_BYTES, "0");
    setUnlessGiven("org.bytedeco.javacpp.platform.extension", "");
    setUnlessGiven(NativeSettings.CACHE_DIRECTORY, NativeSettings.cacheDirectory().getPath());
    IdleThreads.sleep();
  }

  private static final @Nullable TensorException FAILURE = loadLibTorch();

  private Bootstrap() {}

  /**
   * Makes sure that the native libraries are loaded.
   *
   * @throws TensorException if they cannot be
   */
  static void load() {
    if (FAILURE != null) {
      throw FAILURE;
    }
  }

  /**
   * Makes sure that what processes talk through is loaded, too.
   *
   * @throws TensorException if it cannot be, or is not part of LibTorch on this platform
   */
  static void loadGloo() {
    load();
    try {
      unpackAndLoad(org.bytedeco.pytorch.global.torch_gloo.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new TensorException(
          "Gloo could not be loaded for "
              + Loader.getPlatform()
              + ": "
              + e.getMessage()
              + "; train with one process here",
          e);
    }
  }

  /** Loads them if they can be, and is silent if not. */
  static void begin() {
    // The work is done by the static initialiser, which the JVM runs once and under a lock.
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static @Nullable TensorException loadLibTorch() {
    try {
      unpackAndLoad(org.bytedeco.pytorch.global.torch.class);
      ProcessEnd.prepare();
      OneDnn.examine();
      return null;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      return new TensorException(
          "LibTorch could not be loaded for "
              + Loader.getPlatform()
              + ": "
              + e.getMessage()
              + "; add dev.heed:heed-libtorch, or the artifact of this platform alone such as"
              + " heed-libtorch-linux-x86_64, to the class path",
          e);
    }
  }

  /**
   * JavaCPP unpacks the libraries on their first use. Of several processes that start at once, one
   * may load a file that another is still writing, and crash: so only one unpacks at a time.
   */
  private static void unpackAndLoad(Class<?> library) {
    try (FileChannel channel = openLock();
        var _ = channel.lock()) {
      Loader.load(library);
    } catch (IOException e) {
      // A directory that cannot be written holds what someone else has unpacked.
      Loader.load(library);
    }
  }

  private static FileChannel openLock() throws IOException {
    Path file = Loader.getCacheDir().toPath().resolve(".heed.lock");
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
