package dev.heed.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.InferenceMode;
import org.jspecify.annotations.Nullable;

/**
 * Whether operations of a thread record gradients, and whether they serve inference alone, until
 * this is closed.
 *
 * <p>LibTorch keeps that for a native thread. For a platform thread it is set once. A virtual
 * thread may go on on another native thread whenever it waits, and leave its own to others: so it
 * remembers its mode itself, and each call to LibTorch, which is {@link Pinned}, sets it, computes
 * and sets it back.
 */
final class RecordingMode implements AutoCloseable {
  static {
    Bootstrap.load();
  }

  /** The mode of a virtual thread; none means LibTorch's default. */
  private static final ThreadLocal<@Nullable RecordingMode> OF_VIRTUAL = new ThreadLocal<>();

  private final boolean inference;
  private final boolean recording;
  private final @Nullable RecordingMode outer;
  private final @Nullable Pointer guard;

  private RecordingMode(boolean inference, boolean recording, @Nullable RecordingMode outer) {
    this.inference = inference;
    this.recording = recording;
    this.outer = outer;
    if (Thread.currentThread().isVirtual()) {
      guard = null;
      OF_VIRTUAL.set(this);
    } else {
      guard = inference ? new InferenceMode(true) : new AutoGradMode(recording);
    }
  }

  /** Serves inference alone from now on. */
  static RecordingMode inference() {
    return new RecordingMode(true, false, ofVirtual());
  }

  /** Records gradients from now on, or does not. */
  static RecordingMode recording(boolean recording) {
    RecordingMode outer = ofVirtual();
    return new RecordingMode(outer != null && outer.inference, recording, outer);
  }

  /** Whether this thread records gradients. */
  static boolean isRecording() {
    if (Thread.currentThread().isVirtual()) {
      RecordingMode mode = OF_VIRTUAL.get();
      return mode == null || mode.recording;
    }
    return GradMode.is_enabled();
  }

  /** Calls LibTorch in this thread's mode. */
  static <T> T in(Supplier<T> call) {
    RecordingMode mode = ofVirtual();
    return Pinned.call(mode == null ? call : () -> mode.around(call));
  }

  private <T> T around(Supplier<T> call) {
    try (InferenceMode outside = inference ? new InferenceMode(true) : null;
        AutoGradMode inside = new AutoGradMode(recording)) {
      return call.get();
    }
  }

  private static @Nullable RecordingMode ofVirtual() {
    return Thread.currentThread().isVirtual() ? OF_VIRTUAL.get() : null;
  }

  @Override
  public void close() {
    if (guard != null) {
      guard.close();
    } else if (outer != null) {
      OF_VIRTUAL.set(outer);
    } else {
      OF_VIRTUAL.remove();
    }
  }
}
