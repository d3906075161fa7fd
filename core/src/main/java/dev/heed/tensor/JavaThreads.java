package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/**
 * How many threads the Java engine uses: what {@code OMP_NUM_THREADS} names, as for LibTorch, else
 * as many as the JVM may use, which follows a container's quota.
 */
final class JavaThreads implements EngineThreads {
  static final JavaThreads INSTANCE = new JavaThreads();

  private volatile int count = first(System.getenv("OMP_NUM_THREADS"));

  private JavaThreads() {}

  private static int first(@Nullable String named) {
    int available = Runtime.getRuntime().availableProcessors();
    if (named == null) {
      return available;
    }
    try {
      int wanted = Integer.parseInt(named.strip());
      return wanted < 1 ? available : wanted;
    } catch (NumberFormatException e) {
      return available; // a list for nested teams, which there are none of
    }
  }

  @Override
  public int count() {
    return Thread.currentThread() instanceof OneThreaded ? 1 : count;
  }

  @Override
  public void set(int threads) {
    count = threads;
  }

  @Override
  public void follow() {
    // every operation asks for the number
  }

  @Override
  public void useOneHere() {
    // such a thread is known by its class
  }

  @Override
  public void productsAlone(Runnable work) {
    work.run(); // a product uses what its thread may
  }
}
