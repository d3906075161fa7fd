package dev.heed.tensor.kernel;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which {@link FloatKernel} computes in this process, and why.
 *
 * <p>The system property {@code heed.kernel} ({@code vector} or {@code scalar}) forces one.
 * Otherwise vectors are live where the Vector API is there and a self-check agrees with plain
 * loops; should the JIT compiler box its vectors later (a known failure that slows it a
 * hundredfold), {@link #observe} notices and turns to plain loops.
 *
 * @param kernel the one taken
 * @param reason one sentence, for people
 */
public record Kernels(FloatKernel kernel, String reason) {
  /** The system property that forces a kernel. */
  public static final String PROPERTY = "heed.kernel";

  private static final System.Logger LOG = System.getLogger(Kernels.class.getName());
  private static final FloatKernel SCALAR = new ScalarKernel();
  private static final AtomicReference<Kernels> LIVE = new AtomicReference<>(choose());

  /** Below this a thread does not use vectors: compiled vectors reach thirty times as much. */
  private static final double COLLAPSED_FLOPS = 5e8;

  private static final SpeedWatch WATCH = new SpeedWatch(COLLAPSED_FLOPS);

  /** What is live now. */
  public static Kernels live() {
    return LIVE.get();
  }

  /** Whether it computes by vectors. */
  public boolean byVectors() {
    return kernel != SCALAR;
  }

  /** Plain loops. */
  public static FloatKernel scalar() {
    return SCALAR;
  }

  /** Takes a kernel from now on, for the tests of each; returns the choice before. */
  public static Kernels take(Kernels next) {
    return LIVE.getAndSet(next);
  }

  /** Adds to the reason what a kernel found out about itself, and warns of it. */
  static void note(String finding) {
    LIVE.updateAndGet(live -> new Kernels(live.kernel, live.reason + "; " + finding));
    LOG.log(System.Logger.Level.WARNING, "{0}", finding);
  }

  private static Kernels choose() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null && !forced.equals("vector") && !forced.equals("scalar")) {
      throw new IllegalArgumentException(PROPERTY + ": expected vector or scalar, got " + forced);
    }
    if ("scalar".equals(forced)) {
      return new Kernels(SCALAR, "forced by -D" + PROPERTY + "=scalar");
    }
    try {
      return Vectors.probe(SCALAR, forced != null);
    } catch (LinkageError e) {
      return new Kernels(
          SCALAR,
          "the Vector API is missing ("
              + e.getMessage()
              + "); start Java with --add-modules jdk.incubator.vector");
    }
  }

  /** Apart, so that nothing of the Vector API loads where it is missing. */
  private static final class Vectors {
    private static final float TOLERANCE = 1e-5f;
    private static final int DEPTH = 37;

    static Kernels probe(FloatKernel plain, boolean forced) {
      int bits = FloatLanes.FLOATS.vectorBitSize();
      FloatKernel vectors = new VectorKernel();
      if (FloatKernel.PANEL % (2 * FloatLanes.LENGTH) != 0) {
        return new Kernels(plain, "vectors of " + bits + " bits are wider than a panel's half");
      }
      if (!forced && !agree(vectors, plain)) {
        return new Kernels(plain, "the vectors disagreed with plain loops in their self-check");
      }
      return new Kernels(
          new WatchedKernel(vectors, plain),
          "vectors of " + bits + " bits; the self-check agreed with plain loops");
    }

    private static boolean agree(FloatKernel vectors, FloatKernel plain) {
      float[] fast = results(vectors);
      float[] slow = results(plain);
      for (int i = 0; i < fast.length; i++) {
        if (!(Math.abs(fast[i] - slow[i]) <= TOLERANCE * Math.max(1, Math.abs(slow[i])))) {
          return false;
        }
      }
      return true;
    }

    private static float[] results(FloatKernel kernel) {
      float[] a = waves(FloatKernel.ROWS * DEPTH, 1);
      float[] b = waves(FloatKernel.PANEL * DEPTH, 2);
      float[] c = new float[(FloatKernel.ROWS + 1) * FloatKernel.PANEL];
      kernel.product(FloatKernel.ROWS, DEPTH, a, 0, b, 0, c, 0, FloatKernel.PANEL, false);
      kernel.rowProduct(DEPTH, a, 3, b, 0, c, FloatKernel.ROWS * FloatKernel.PANEL, false);
      for (FloatFunction function : FloatFunction.values()) {
        kernel.apply(function, c, 5, 43);
      }
      c[0] = kernel.sum(a, 1, DEPTH) + kernel.max(b, 1, DEPTH);
      c[1] = kernel.squaresAround(a, 1, DEPTH, 0.25f);
      c[2] = kernel.dot(a, b, DEPTH) + kernel.powers(a, 2, DEPTH, 1);
      short[] halves = new short[FloatKernel.PANEL * DEPTH];
      for (int i = 0; i < halves.length; i++) {
        halves[i] = (short) (Float.floatToRawIntBits(b[i]) >>> Short.SIZE);
      }
      kernel.rowProductBf16(DEPTH, a, 3, halves, 0, c, FloatKernel.PANEL, true);
      kernel.widen(halves, 1, c, 3, DEPTH);
      return c;
    }

    private static float[] waves(int count, int seed) {
      float[] x = new float[count];
      for (int i = 0; i < count; i++) {
        x[i] = (float) Math.sin(seed * (i + 1.0));
      }
      return x;
    }
  }

  /** What the seconds for {@link #observe} are measured by, in nanoseconds. */
  public static long clock(double flops) {
    return WATCH.clock(flops);
  }

  /** Looks at how fast products ran, and leaves vectors when they are boxed. */
  public static void observe(double flops, double seconds, int threads) {
    if (!live().byVectors()) {
      return;
    }
    double rate = WATCH.note(flops, seconds, threads);
    if (!Double.isNaN(rate) && System.getProperty(PROPERTY) == null) {
      Kernels fallen =
          new Kernels(
              SCALAR,
              String.format(
                  Locale.ROOT,
                  "the vectors fell to %.2f GFLOP/s a thread: the JIT compiler boxes them",
                  rate / 1e9));
      LIVE.set(fallen);
      LOG.log(
          System.Logger.Level.WARNING,
          "products take plain loops from now on: {0}",
          fallen.reason());
    }
  }
}
