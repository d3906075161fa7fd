package dev.heed.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/**
 * A seeded source of random numbers; the same seed gives the same numbers on every run.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Generator implements AutoCloseable {
  private final long seed;
  private final org.bytedeco.pytorch.Generator handle;
  private final org.bytedeco.pytorch.GeneratorOptional optional;

  /** A generator that starts from this seed. */
  public Generator(long seed) {
    Bootstrap.load();
    this.seed = seed;
    this.handle = Pinned.call(() -> torch.createCPUGenerator(seed));
    this.optional = Pinned.call(() -> new org.bytedeco.pytorch.GeneratorOptional(handle));
  }

  /** The seed it started from. */
  public long seed() {
    return seed;
  }

  /** A new seed drawn from this generator, for a recomputable part of the work. */
  public long nextSeed() {
    return Native.run(
        "nextSeed",
        () -> {
          try (var options = new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Long);
              var drawn = torch.randint(Long.MAX_VALUE, new long[] {1}, optional, options)) {
            return drawn.item_long();
          }
        });
  }

  /** Where it stands now, for {@link #replay}: u8 {@code [n]}, owned by the current scope. */
  public Tensor state() {
    return Native.call("state", handle::get_state);
  }

  /**
   * Runs {@code body} with the numbers that followed an earlier state, and goes on from the present
   * one after it.
   *
   * @param earlier what {@link #state} of this generator gave
   */
  public <T> T replay(Tensor earlier, Supplier<T> body) {
    try (Tensor now = TensorScope.release(state())) {
      handle.set_state(earlier.handle());
      try {
        return body.get();
      } finally {
        handle.set_state(now.handle());
      }
    }
  }

  org.bytedeco.pytorch.GeneratorOptional optional() {
    return optional;
  }

  @Override
  public void close() {
    Pinned.close(optional);
    Pinned.close(handle);
  }
}
