package dev.heed.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps native code from printing to standard output, where only results belong: what Gloo says as
 * it connects goes to standard error. On systems without POSIX's functions it is left as it is.
 */
final class StandardOutputKept {
  private static final int OUT = 1;
  private static final int ERR = 2;

  private static final @Nullable MethodHandle DUP =
      CLibrary.function("dup", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final @Nullable MethodHandle DUP2 =
      CLibrary.function("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final @Nullable MethodHandle CLOSE =
      CLibrary.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final @Nullable MethodHandle FLUSH =
      CLibrary.function("fflush", FunctionDescriptor.of(JAVA_INT, ADDRESS));

  private StandardOutputKept() {}

  static <T> T during(Supplier<T> body) {
    MethodHandle dup = DUP;
    MethodHandle dup2 = DUP2;
    MethodHandle close = CLOSE;
    MethodHandle flush = FLUSH;
    if (dup == null || dup2 == null || close == null || flush == null) {
      return body.get();
    }
    System.out.flush();
    int kept = call(dup, OUT);
    if (kept < 0) {
      return body.get();
    }
    var _ = call(dup2, ERR, OUT);
    try {
      return body.get();
    } finally {
      var _ = call(flush, MemorySegment.NULL);
      var _ = call(dup2, kept, OUT);
      var _ = call(close, kept);
    }
  }

  private static int call(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }
}
