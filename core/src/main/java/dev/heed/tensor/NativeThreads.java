package dev.heed.tensor;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads one operation may use: what {@code OMP_NUM_THREADS} names, else as many as the
 * JVM may use, which follows a container's quota; LibTorch alone counts the machine's cores.
 *
 * <p>LibTorch keeps the number for each native thread, and gives a thread that is new to it the one
 * set last. So the process's number is kept here, and every thread follows it as it opens a scope.
 */
final class NativeThreads implements EngineThreads {
  static {
    Bootstrap.load();
  }

  /** How many runs of {@link #productsAlone} are on. */
  private static int alone;

  /** OpenBLAS's number where none is on. */
  private static int together = Pinned.call(openblas_nolapack::blas_get_num_threads);

  private static volatile int count = torch.get_num_threads();

  static {
    int available = Runtime.getRuntime().availableProcessors();
    if (System.getenv("OMP_NUM_THREADS") == null && available < count) {
      use(available, System.getenv("OPENBLAS_NUM_THREADS") == null);
    }
  }

  static final NativeThreads INSTANCE = new NativeThreads();

  private NativeThreads() {}

  /** The number for the calling thread. */
  @Override
  public int count() {
    return Thread.currentThread() instanceof OneThreaded ? 1 : count;
  }

  /** Sets the number for the whole process; f32 products are OpenBLAS's, with its own threads. */
  @Override
  public synchronized void set(int threads) {
    use(threads, true);
    follow(); // which may be one of those that use one thread
  }

  private static synchronized void use(int threads, boolean productsToo) {
    count = threads;
    torch.set_num_threads(threads);
    if (productsToo) {
      together = threads;
      setProducts(alone == 0 ? threads : 1);
    }
  }

  private static void setProducts(int threads) {
    Pinned.run(() -> openblas_nolapack.blas_set_num_threads(threads));
  }

  /** Makes LibTorch use the calling thread's number on it. */
  @Override
  public void follow() {
    int wanted = count();
    if (torch.get_num_threads() != wanted && !(Thread.currentThread() instanceof OneThreaded)) {
      torch.set_num_threads(wanted);
    }
  }

  /** Another thread sets back the number for threads that are new to LibTorch. */
  @Override
  public synchronized void useOneHere() {
    int _ =
        torch.get_num_threads(); // makes it know this thread, which else takes that number later
    torch.set_num_threads(1);
    Thread restoring = Thread.ofPlatform().start(() -> torch.set_num_threads(count));
    boolean interrupted = false;
    while (restoring.isAlive()) {
      try {
        restoring.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** OpenBLAS sums in an order that depends on its threads, and lets one caller in at a time. */
  @Override
  public void productsAlone(Runnable work) {
    beside(1);
    try {
      work.run();
    } finally {
      beside(-1);
    }
  }

  private static synchronized void beside(int more) {
    boolean before = alone > 0;
    alone += more;
    boolean after = alone > 0;
    if (before != after) {
      setProducts(after ? 1 : together);
    }
  }
}
