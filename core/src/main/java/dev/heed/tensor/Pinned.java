package dev.heed.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a virtual thread on its native thread while it calls LibTorch or frees what is LibTorch's;
 * a platform thread just does it.
 *
 * <p>LibTorch keeps modes for each native thread. And JavaCPP has two locks that it takes one
 * within the other for each native object: a virtual thread that waits for the inner one away from
 * its native thread may be handed it when every native thread of virtual threads waits for the
 * outer one, whose owner waits for the inner one, and all stand still.
 *
 * <p>A virtual thread cannot leave its native thread while native code is on its stack (JEP 444,
 * "Scheduling virtual threads"): so the work is called through a native function that does nothing
 * but call Java.
 */
final class Pinned {
  private static final ThreadLocal<@Nullable Work<?>> WORK = new ThreadLocal<>();

  private Pinned() {}

  private static void runWork() {
    Objects.requireNonNull(WORK.get()).run();
  }

  /** Made when the first virtual thread needs it. */
  private static final class NativeFunction {
    static final MethodHandle CALL_JAVA = callJava();

    private static MethodHandle callJava() {
      FunctionDescriptor nothing = FunctionDescriptor.ofVoid();
      Linker linker = Linker.nativeLinker();
      try {
        MethodHandle run =
            MethodHandles.lookup()
                .findStatic(Pinned.class, "runWork", MethodType.methodType(void.class));
        MemorySegment function = linker.upcallStub(run, nothing, Arena.global());
        return linker.downcallHandle(function, nothing);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }
  }

  private static final class Work<T> {
    private final Supplier<T> body;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Work(Supplier<T> body) {
      this.body = body;
    }

    /** Nothing may be thrown through native code. */
    void run() {
      try {
        result = body.get();
      } catch (Throwable e) {
        failure = e;
      }
    }
  }

  static void close(Pointer pointer) {
    run(pointer::close);
  }

  static void run(Runnable body) {
    if (isFree()) {
      call(() -> {
        body.run();
        return body;
      });
    } else {
      body.run();
    }
  }

  static <T> T call(Supplier<T> body) {
    return isFree() ? throughNativeCode(new Work<>(body)) : body.get();
  }

  private static boolean isFree() {
    return Thread.currentThread().isVirtual() && WORK.get() == null;
  }

  private static <T> T throughNativeCode(Work<T> work) {
    WORK.set(work);
    try {
      NativeFunction.CALL_JAVA.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call through native code failed", e);
    } finally {
      WORK.remove();
    }
    switch (work.failure) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case null, default -> {}
    }
    return Objects.requireNonNull(work.result);
  }
}
