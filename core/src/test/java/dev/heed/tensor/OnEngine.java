package dev.heed.tensor;

import java.util.function.Supplier;

/** Runs tests on an engine, whatever the process's own is. */
public final class OnEngine {
  private OnEngine() {}

  /** Takes an engine for new tensors as long as a body runs; not for tests that run at once. */
  public static <T> T run(EngineChoice.Kind kind, Supplier<T> body) {
    EngineChoice before = EngineChoice.take(new EngineChoice(kind, "chosen by a test"));
    try {
      return body.get();
    } finally {
      EngineChoice.take(before);
    }
  }

  /** A copy of a tensor on the engine of new tensors. */
  public static Tensor copy(Tensor x) {
    Tensor made = Tensor.empty(x.shape(), x.dtype());
    if (x.elements() > 0) {
      made.segment().copyFrom(x.contiguous().segment());
    }
    return made;
  }
}
