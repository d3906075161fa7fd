package dev.heed.tensor;

/** An operator that the engine does not compute; the message says which, and what to do. */
final class LackingOperatorException extends TensorException {
  /** What is said of the Java engine. */
  static final String JAVA = "the Java engine lacks this operator; " + EngineChoice.LIBTORCH_REMEDY;

  LackingOperatorException(String message) {
    super(message);
  }

  /** Refuses what LibTorch alone computes, before anything of LibTorch's is loaded. */
  static void refuseJava(String operation, Tensor x) {
    if (x.engine() instanceof JavaEngine) {
      throw new LackingOperatorException(operation + ": " + JAVA);
    }
  }
}
