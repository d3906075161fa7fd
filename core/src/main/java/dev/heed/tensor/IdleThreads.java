package dev.heed.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Set;

/**
 * Makes the native libraries' idle threads sleep at once.
 *
 * <p>By default they spin for milliseconds after each operation. That gains nothing that can be
 * measured, and where two processes or more threads than cores compute at once, each waits for
 * others that spin: a tenfold of the time and more. The libraries read their settings from the
 * environment, once, as they are loaded; Java cannot change its own, so the C library does.
 */
final class IdleThreads {
  /** OpenMP's threads sleep (OpenMP 5.2, section 21.1.4); any of these says that the user chose. */
  private static final Map.Entry<String, String> OPEN_MP = Map.entry("OMP_WAIT_POLICY", "passive");

  private static final Set<String> OPEN_MP_CHOICES =
      Set.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME");

  /** OpenBLAS's threads sleep after two to the power of this many cycles instead of 26. */
  private static final Map.Entry<String, String> OPEN_BLAS =
      Map.entry("OPENBLAS_THREAD_TIMEOUT", "10");

  private IdleThreads() {}

  /** Called before the libraries are loaded; what the environment says already stays. */
  static void sleep() {
    Map<String, String> given = System.getenv();
    boolean chosen = OPEN_MP_CHOICES.stream().anyMatch(given::containsKey);
    boolean blasChosen = given.containsKey(OPEN_BLAS.getKey());
    if (chosen && blasChosen) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      if (!chosen) {
        set(arena, OPEN_MP);
      }
      if (!blasChosen) {
        set(arena, OPEN_BLAS);
      }
    }
  }

  /** By POSIX's {@code setenv} or by Windows' {@code _putenv_s}. */
  private static void set(Arena arena, Map.Entry<String, String> variable) {
    MemorySegment name = arena.allocateFrom(variable.getKey());
    MemorySegment value = arena.allocateFrom(variable.getValue());
    MethodHandle posix =
        CLibrary.function("setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    MethodHandle windows =
        posix == null
            ? CLibrary.function("_putenv_s", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
            : null;
    try {
      if (posix != null) {
        var _ = (int) posix.invokeExact(name, value, 0);
      } else if (windows != null) {
        var _ = (int) windows.invokeExact(name, value);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("setting " + variable + " failed", e);
    }
  }
}
