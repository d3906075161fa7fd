package dev.heed.tensor;

/**
 * Inference in Java alone, with no native library: vectors where the Vector API is there, plain
 * loops elsewhere. It records no gradients and knows no complex numbers.
 */
final class JavaEngine
    implements Engine,
        JavaElements,
        JavaLayout,
        JavaRearranging,
        JavaChoosing,
        JavaFolding,
        JavaOrdering,
        JavaProducts,
        JavaLayers,
        JavaConvolution,
        JavaLosses,
        JavaResizing,
        JavaMemory {
  static final JavaEngine INSTANCE = new JavaEngine();

  private JavaEngine() {}

  @Override
  public boolean hasGradients() {
    return false;
  }

  @Override
  public RandomSource random(long seed) {
    return new JavaRandom(seed);
  }

  @Override
  public EngineThreads threads() {
    return JavaThreads.INSTANCE;
  }

  @Override
  public String toString() {
    return "Java";
  }
}
