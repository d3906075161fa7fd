package dev.heed.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Lets the process end while threads compute.
 *
 * <p>At the end of a process the C library calls the destructors of C++ libraries. Threads that are
 * in native code then go on meanwhile: they use what LibTorch has just destroyed, and the process
 * crashes instead of ending with its status. So where tensors are still open as the JVM shuts down,
 * the process ends before the destructors: the system frees all that it held.
 *
 * <p>By {@code on_exit(3)}, whose functions are called in the reverse order of their registration
 * and with the exit status, as {@code _exit(2)} takes it. A C library without it keeps its way.
 */
final class ProcessEnd {
  private ProcessEnd() {}

  /** Called once LibTorch is loaded. */
  static void prepare() {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::skipDestructors, "heed-end"));
    } catch (IllegalStateException e) {
      // The JVM is shutting down already: then nobody computes for long.
    }
  }

  private static void skipDestructors() {
    if (TensorScope.openNow() == 0) {
      return;
    }
    MethodHandle register =
        CLibrary.function("on_exit", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    MemorySegment end = CLibrary.address("_exit");
    if (register == null || end == null) {
      return;
    }
    try {
      var _ = (int) register.invokeExact(end, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new IllegalStateException("on_exit failed", e);
    }
  }
}
