package dev.heed.bench.mechanisms;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The C library's heap, which keeps what was freed unless it is told to let go. */
final class NativeHeap {
  private static final Optional<MethodHandle> TRIM =
      Linker.nativeLinker()
          .defaultLookup()
          .find("malloc_trim")
          .map(address ->
              Linker.nativeLinker()
                  .downcallHandle(
                      address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));

  private NativeHeap() {}

  /**
   * Gives what is free back to the system, so that the next run's memory shows in the resident
   * size; does nothing where the C library is not glibc.
   */
  static void trim() {
    TRIM.ifPresent(NativeHeap::call);
  }

  private static void call(MethodHandle trim) {
    try {
      int released = (int) trim.invokeExact(0L);
      assert released >= 0;
    } catch (Throwable e) {
      throw new IllegalStateException("malloc_trim: " + e, e);
    }
  }
}
