package dev.heed.tensor;

/** When the native library is loaded: as something first needs it, or earlier. */
public final class LibTorch {
  private LibTorch() {}

  /**
   * Begins to load the library on another thread, which takes half a second and more, and returns
   * at once; who needs it meanwhile waits for it. Called before a model's files are read. If it
   * cannot be loaded, its first use says so. Where another engine computes, nothing is loaded.
   */
  public static void loadBeside() {
    if (EngineChoice.live().kind() != EngineChoice.Kind.LIBTORCH) {
      return;
    }
    Thread.ofPlatform().daemon().name("heed-libtorch").start(Bootstrap::begin);
  }
}
