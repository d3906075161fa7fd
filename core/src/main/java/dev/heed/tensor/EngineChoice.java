package dev.heed.tensor;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which engine computes in this process, and why.
 *
 * <p>The system property {@code heed.engine} ({@code libtorch} or {@code java}) forces one.
 * Otherwise it is LibTorch where that is in the class path with its native library for this
 * platform, as {@code heed-libtorch} brings it, and Java elsewhere.
 *
 * @param kind the one that new tensors are made by
 * @param reason one sentence, for people
 */
public record EngineChoice(Kind kind, String reason) {
  /** The engines. */
  public enum Kind {
    /** LibTorch: every operator, gradients, devices. */
    LIBTORCH,
    /** Java alone: inference, with no native library. */
    JAVA
  }

  /** The system property that forces an engine. */
  public static final String PROPERTY = "heed.engine";

  /** What to do where the Java engine lacks something. */
  static final String LIBTORCH_REMEDY =
      "run with LibTorch in the class path (dev.heed:heed-libtorch) and without -D"
          + PROPERTY
          + "=java";

  private static final String LIBTORCH = "org/bytedeco/pytorch/";

  private static volatile EngineChoice live = choose();

  private static EngineChoice choose() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null) {
      Kind kind =
          switch (forced) {
            case "libtorch" -> Kind.LIBTORCH;
            case "java" -> Kind.JAVA;
            default ->
                throw new IllegalArgumentException(
                    PROPERTY + ": expected libtorch or java, got " + forced);
          };
      return new EngineChoice(kind, "forced by -D" + PROPERTY + "=" + forced);
    }
    return found(EngineChoice::isInClassPath, PresetPlatform.here());
  }

  /**
   * What is taken where nothing is forced.
   *
   * @param isThere whether the class path has a resource
   * @param platform whose native library is looked for
   */
  static EngineChoice found(Predicate<String> isThere, PresetPlatform platform) {
    if (!isThere.test(LIBTORCH + "global/torch.class")) {
      return new EngineChoice(
          Kind.JAVA, "LibTorch is not in the class path; dev.heed:heed-libtorch brings it");
    }
    return isThere.test(LIBTORCH + platform.directory() + '/' + platform.library("jnitorch"))
        ? new EngineChoice(Kind.LIBTORCH, "LibTorch is in the class path")
        : new EngineChoice(
            Kind.JAVA,
            "LibTorch is in the class path without its native library for " + platform.directory());
  }

  private static boolean isInClassPath(String resource) {
    ClassLoader loader = EngineChoice.class.getClassLoader();
    return (loader == null ? ClassLoader.getSystemResource(resource) : loader.getResource(resource))
        != null;
  }

  /** What is live now. */
  public static EngineChoice live() {
    return live;
  }

  /**
   * Takes an engine for the tensors that this process makes as long as a body runs, to compare
   * engines; not while others compute.
   */
  public static <T> T during(Kind kind, Supplier<T> body) {
    EngineChoice before = live;
    live = new EngineChoice(kind, "chosen for a while");
    try {
      return body.get();
    } finally {
      live = before;
    }
  }

  static Engine engine() {
    return switch (live.kind) {
      case LIBTORCH -> LibTorchEngine.INSTANCE;
      case JAVA -> JavaEngine.INSTANCE;
    };
  }
}
