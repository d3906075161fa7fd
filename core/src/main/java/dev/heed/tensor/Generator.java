package dev.heed.tensor;

import java.util.function.Supplier;

/**
 * A seeded source of random numbers; the same seed gives the same numbers on every run, and on
 * either engine but for rounding.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Generator implements AutoCloseable {
  private final long seed;
  private final RandomSource source;

  /** A generator that starts from this seed. */
  public Generator(long seed) {
    this.seed = seed;
    this.source = Engine.live().random(seed);
  }

  /** The seed it started from. */
  public long seed() {
    return seed;
  }

  /** A new seed drawn from this generator, for a recomputable part of the work. */
  public long nextSeed() {
    return source.nextSeed();
  }

  /** Where it stands now, for {@link #replay}: u8 {@code [n]}, owned by the current scope. */
  public Tensor state() {
    return source.state();
  }

  /**
   * Runs {@code body} with the numbers that followed an earlier state, and goes on from the present
   * one after it.
   *
   * @param earlier what {@link #state} of this generator gave
   */
  public <T> T replay(Tensor earlier, Supplier<T> body) {
    try (Tensor now = TensorScope.release(state())) {
      source.setState(earlier);
      try {
        return body.get();
      } finally {
        source.setState(now);
      }
    }
  }

  RandomSource source() {
    return source;
  }

  @Override
  public void close() {
    source.close();
  }
}
