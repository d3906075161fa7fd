package dev.heed.attention.kernel;

import dev.heed.tensor.EngineChoice;
import dev.heed.tensor.kernel.SpeedWatch;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Which path exact attention takes in this process, and why.
 *
 * <p>The system property {@code heed.attention.path} ({@code vector}, {@code libtorch} or {@code
 * scalar}) forces one. Otherwise the vector kernel is live where vectors have 256 bits or more and
 * its self-check agrees with plain loops; should the JIT compiler box its vectors later (a known
 * failure that slows it a hundredfold), {@link #observe} notices and turns to the next best.
 *
 * @param path the one taken for f32, bf16 and f16; f64 always takes {@link AttentionPath#SCALAR}
 * @param reason one sentence, for people
 */
public record PathChoice(AttentionPath path, String reason) {
  /** The system property that forces a path. */
  public static final String PROPERTY = "heed.attention.path";

  private static final System.Logger LOG = System.getLogger(PathChoice.class.getName());
  private static final int NARROWEST = 256;
  private static final AtomicReference<PathChoice> LIVE = new AtomicReference<>(choose());

  /** Below this a thread does not use vectors: compiled vectors reach thirty times as much. */
  private static final double COLLAPSED_FLOPS = 1e9;

  private static final SpeedWatch WATCH = new SpeedWatch(COLLAPSED_FLOPS);

  /** What is live now. */
  public static PathChoice live() {
    return LIVE.get();
  }

  /** Takes a path from now on, for the tests of each; returns the one before. */
  static PathChoice take(PathChoice next) {
    return LIVE.getAndSet(next);
  }

  private static PathChoice choose() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null) {
      if (parse(forced) == AttentionPath.LIBTORCH && withoutVectors() == AttentionPath.SCALAR) {
        throw new IllegalArgumentException(
            PROPERTY + ": expected vector or scalar beside the Java engine, got " + forced);
      }
      return new PathChoice(parse(forced), "forced by -D" + PROPERTY + "=" + forced);
    }
    try {
      return probe();
    } catch (LinkageError e) {
      return new PathChoice(
          withoutVectors(),
          "the Vector API is missing ("
              + e.getMessage()
              + "); start Java with --add-modules"
              + " jdk.incubator.vector");
    }
  }

  /** The next best: LibTorch's own attention, or plain loops where LibTorch does not compute. */
  private static AttentionPath withoutVectors() {
    return EngineChoice.live().kind() == EngineChoice.Kind.LIBTORCH
        ? AttentionPath.LIBTORCH
        : AttentionPath.SCALAR;
  }

  private static PathChoice probe() {
    int bits = Lanes.FLOATS.vectorBitSize();
    if (bits < NARROWEST) {
      return new PathChoice(
          withoutVectors(),
          "this processor's vectors have " + bits + " bits, the kernel needs " + NARROWEST);
    }
    if (!SelfCheck.agrees()) {
      return new PathChoice(
          withoutVectors(), "the vector kernel disagreed with plain loops in its self-check");
    }
    return new PathChoice(
        AttentionPath.VECTOR,
        "vectors of " + bits + " bits; the self-check agreed with plain loops");
  }

  static AttentionPath parse(String name) {
    try {
      return AttentionPath.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          PROPERTY
              + ": expected one of "
              + Arrays.toString(AttentionPath.values()).toLowerCase(Locale.ROOT)
              + ", got "
              + name,
          e);
    }
  }

  /** What the seconds for {@link #observe} are measured by, in nanoseconds. */
  static long clock() {
    return WATCH.clock(Double.MAX_VALUE);
  }

  /** Looks at how fast the vector kernel ran, and leaves it when its vectors are boxed. */
  static void observe(double flops, double seconds, int threads) {
    double rate = WATCH.note(flops, seconds, threads);
    if (!Double.isNaN(rate) && System.getProperty(PROPERTY) == null) {
      PathChoice fallen =
          new PathChoice(
              withoutVectors(),
              String.format(
                  Locale.ROOT,
                  "the vector kernel fell to %.2f GFLOP/s a thread: the JIT compiler boxes its"
                      + " vectors",
                  rate / 1e9));
      LIVE.set(fallen);
      LOG.log(
          System.Logger.Level.WARNING,
          "attention takes the {0} path from now on: {1}",
          fallen.path(),
          fallen.reason());
    }
  }
}
