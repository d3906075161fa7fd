package dev.heed.bench.engine;

import dev.heed.attention.DecodeState;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.head.LanguageHead;
import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;

/** Reading a prompt and writing after it, the likeliest token each time, on the Java engine. */
final class HeedDecoding implements AutoCloseable {
  private final Model model;
  private double bytesPerToken;

  HeedDecoding(Path file) {
    model = EngineChoice.during(EngineChoice.Kind.JAVA, () -> Model.load(file));
  }

  /** Bytes of garbage a token, in the last run that wrote some. */
  double bytesPerToken() {
    return bytesPerToken;
  }

  /**
   * Reads a prompt for each of several sequences and writes tokens after it.
   *
   * @return seconds for the prompt and for the tokens after it
   */
  double[] run(int sequences, int prompt, int tokens) {
    return EngineChoice.during(
        EngineChoice.Kind.JAVA,
        () -> {
          long[] ids = new long[sequences * prompt];
          Arrays.setAll(ids, i -> 3 + i * 31L % 200);
          try (DecodeState state = new DecodeState()) {
            long start = System.nanoTime();
            long[] next = step(ids, sequences, prompt, state);
            long between = System.nanoTime();
            long before = allocated();
            for (int i = 0; i < tokens; i++) {
              next = step(next, sequences, 1, state);
            }
            long end = System.nanoTime();
            bytesPerToken = (double) (allocated() - before) / Math.max(1, tokens);
            return new double[] {(between - start) / 1e9, (end - between) / 1e9};
          }
        });
  }

  private long[] step(long[] ids, int sequences, int length, DecodeState state) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor logits =
          model
              .apply(
                  ModelInput.of("input_ids", Tensor.of(ids, sequences, length))
                      .with(LanguageHead.LAST_ONLY, true)
                      .with(state))
              .logits();
      return logits.argmax(-1, false).toLongArray();
    }
  }

  private static long allocated() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
        ? threads.getCurrentThreadAllocatedBytes()
        : 0;
  }

  @Override
  public void close() {
    model.close();
  }
}
