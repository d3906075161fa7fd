package dev.heed.tensor;

import java.io.File;

/** The system properties that JavaCPP reads when LibTorch loads; asking for them loads nothing. */
public final class NativeSettings {
  /** How many bytes tensors may take; 0 turns the accounting off. */
  public static final String MAX_BYTES = "org.bytedeco.javacpp.maxBytes";

  /** How large the process may grow; 0 turns the accounting off. */
  public static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxPhysicalBytes";

  /** Where the native libraries are unpacked. */
  public static final String CACHE_DIRECTORY = "org.bytedeco.javacpp.cachedir";

  private NativeSettings() {}

  /**
   * The directory in which the native libraries are unpacked.
   *
   * @throws TensorException if there is none that this account may write to
   */
  public static File cacheDirectory() {
    String set = System.getProperty(CACHE_DIRECTORY);
    return set != null ? new File(set) : LibraryFolder.of(".javacpp/cache").toFile();
  }
}
