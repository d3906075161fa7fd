package dev.heed.tensor;

/** When the native library is loaded: as something first needs it, or earlier. */
public final class LibTorch {
  private LibTorch() {}

  /**
   * Begins to load the library on another thread, which takes half a second and more, and returns
   * at once; who needs it meanwhile waits for it. Called before a model's files are read. If it
   * cannot be loaded, its first use says so.
   */
  public static void loadBeside() {
    Thread.ofPlatform().daemon().name("heed-libtorch").start(Bootstrap::begin);
  }
}
