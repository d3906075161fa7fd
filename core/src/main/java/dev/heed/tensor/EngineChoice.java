package dev.heed.tensor;

/**
 * Which engine computes in this process, and why.
 *
 * @param kind the one that new tensors are made by
 * @param reason one sentence, for people
 */
public record EngineChoice(Kind kind, String reason) {
  /** The engines. */
  public enum Kind {
    /** LibTorch: every operator, gradients, devices. */
    LIBTORCH
  }

  private static volatile EngineChoice live =
      new EngineChoice(Kind.LIBTORCH, "LibTorch is in the class path");

  /** What is live now. */
  public static EngineChoice live() {
    return live;
  }

  /** Takes an engine from now on, for the tests of each; returns the choice before. */
  static EngineChoice take(EngineChoice next) {
    EngineChoice before = live;
    live = next;
    return before;
  }

  static Engine engine() {
    return switch (live.kind) {
      case LIBTORCH -> LibTorchEngine.INSTANCE;
    };
  }
}
