package dev.heed.tensor;

/** LibTorch through JavaCPP's presets: every operator, gradients, devices. */
final class LibTorchEngine
    implements Engine,
        LibTorchElements,
        LibTorchLayout,
        LibTorchChoosing,
        LibTorchFolding,
        LibTorchLayers,
        LibTorchLosses,
        LibTorchResizing,
        LibTorchMemory {
  static final LibTorchEngine INSTANCE = new LibTorchEngine();

  private LibTorchEngine() {}

  @Override
  public boolean hasGradients() {
    return true;
  }

  @Override
  public RandomSource random(long seed) {
    return new LibTorchRandom(seed);
  }

  @Override
  public EngineThreads threads() {
    return NativeThreads.INSTANCE;
  }

  @Override
  public String toString() {
    return "LibTorch";
  }
}
