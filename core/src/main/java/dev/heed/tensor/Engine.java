package dev.heed.tensor;

/**
 * What computes behind the tensors: their operators go through one of these, and what uses tensors
 * does not know which.
 *
 * <p>A tensor keeps to the engine that made it. An operator that an engine lacks is refused by
 * name.
 */
interface Engine
    extends ElementOperators,
        LayoutOperators,
        ChoosingOperators,
        FoldingOperators,
        LayerOperators,
        LossOperators,
        ResizingOperators,
        MemoryOperators {

  /** Whether operations can be recorded for gradients. */
  boolean hasGradients();

  /** A seeded source of random numbers. */
  RandomSource random(long seed);

  /** The threads that one operation may use. */
  EngineThreads threads();

  /** The engine that new tensors are made by. */
  static Engine live() {
    return EngineChoice.engine();
  }
}
