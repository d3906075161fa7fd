package dev.heed.nn;

/**
 * Whether a run of a model is still wanted, asked while it goes on.
 *
 * <p>Whoever watches is asked at every {@linkplain Trace#visit trace point} that this thread
 * passes, many times a layer, whatever is run: reading, writing, a backward pass's forward half.
 */
public final class RunWatch {
  private static final ScopedValue<Runnable> WATCHING = ScopedValue.newInstance();

  private RunWatch() {}

  /**
   * Works while somebody watches.
   *
   * @param watching is asked often, so that it should be quick; what it throws ends the work
   * @param work runs models on this thread
   * @return what the work gives
   * @throws X what the work throws
   */
  public static <R, X extends Throwable> R during(
      Runnable watching, ScopedValue.CallableOp<? extends R, X> work) throws X {
    return ScopedValue.where(WATCHING, watching).call(work);
  }

  /** Asks who watches, if anybody does; work that runs no model for a while calls it. */
  public static void ask() {
    if (WATCHING.isBound()) {
      WATCHING.get().run();
    }
  }
}
