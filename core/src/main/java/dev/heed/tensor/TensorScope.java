package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of tensors: closing a scope frees every tensor made in it on this thread.
 *
 * <p>Modelled on {@link java.lang.foreign.Arena#ofConfined()}: a scope belongs to the thread that
 * opened it, and scopes nest strictly.
 *
 * <pre>{@code
 * try (var scope = TensorScope.open()) {
 *   Tensor x = Tensor.randn(generator, 2, 3);
 *   return scope.keep(x.mul(2).sum()); // moves to the enclosing scope; the rest is freed
 * }
 * }</pre>
 *
 * <p>Freeing a handle never invalidates what the engine itself still needs: a graph of gradients
 * holds its own references. Outside any scope a tensor is freed by the garbage collector some time
 * after its last use, unless {@code heed.tensor.strict=true} is set, which makes that an error.
 */
public final class TensorScope implements AutoCloseable {
  private static final ThreadLocal<@Nullable TensorScope> CURRENT = new ThreadLocal<>();
  private static final boolean STRICT = Boolean.getBoolean("heed.tensor.strict");
  private static final AtomicLong LIVE = new AtomicLong();
  private static final int FIRST_COMPACTION = 256;

  private final Thread owner = Thread.currentThread();
  private final @Nullable TensorScope parent = CURRENT.get();
  private final @Nullable RecordingMode inference;
  private List<Tensor> tensors = new ArrayList<>();
  private int compactAt = FIRST_COMPACTION;
  private boolean closed;

  private TensorScope(boolean forInference) {
    Engine.live().threads().follow();
    inference = forInference && Engine.live().hasGradients() ? RecordingMode.inference() : null;
    CURRENT.set(this);
  }

  /** Opens a scope within the current one, if any. */
  public static TensorScope open() {
    return new TensorScope(false);
  }

  /**
   * Opens a scope in which nothing records gradients and tensors carry no version counters.
   *
   * <p>Faster for small operations; its tensors may not enter a graph of gradients later.
   */
  public static TensorScope inference() {
    return new TensorScope(true);
  }

  /**
   * Runs {@code body} in a scope of its own and hands its result to the enclosing scope.
   *
   * @param body what to compute; see {@link #keep} for the kinds of result
   */
  public static <T> T run(Supplier<T> body) {
    try (TensorScope scope = open()) {
      return scope.keep(body.get());
    }
  }

  /**
   * Hands tensors to the enclosing scope, so that closing this one does not free them.
   *
   * @param value a tensor, or a record, list, map, array or optional that holds tensors
   * @return {@code value}
   * @throws IllegalStateException in strict mode, if there is no enclosing scope
   */
  public <T> T keep(T value) {
    checkOwner();
    TensorHolders.forEachTensor(value, this::handToParent);
    return value;
  }

  /**
   * Takes tensors out of every scope: the caller owns them and closes them.
   *
   * @param value as for {@link #keep}
   * @return {@code value}
   */
  public static <T> T release(T value) {
    TensorHolders.forEachTensor(value, tensor -> tensor.scope = null);
    return value;
  }

  /**
   * Closes tensors, for example those of a released state that a later one replaces.
   *
   * @param value as for {@link #keep}
   */
  public static void discard(Object value) {
    TensorHolders.forEachTensor(value, Tensor::close);
  }

  private void handToParent(Tensor tensor) {
    if (tensor.scope != this) {
      return;
    }
    if (parent == null) {
      requireNotStrict("keep: there is no enclosing scope");
      tensor.scope = null;
    } else {
      parent.add(tensor);
    }
  }

  /** How many tensors are open in the whole process, scoped or not. */
  public static long liveHandles() {
    FinishedGraphs.releaseAll();
    return LIVE.get();
  }

  /** As {@link #liveHandles}, with those that graphs which are gone have yet to give back. */
  static long openNow() {
    return LIVE.get();
  }

  /** Puts a new tensor under the current scope of this thread. */
  static void adopt(Tensor tensor) {
    LIVE.incrementAndGet();
    TensorScope scope = CURRENT.get();
    if (scope != null) {
      scope.add(tensor);
    } else if (STRICT) {
      tensor.close();
      requireNotStrict("a tensor was made without a scope");
    }
  }

  static void forget() {
    LIVE.decrementAndGet();
  }

  /** How many tensors are remembered, closed ones included. */
  int size() {
    return tensors.size();
  }

  private void add(Tensor tensor) {
    tensor.scope = this;
    tensors.add(tensor);
    if (tensors.size() >= compactAt) {
      compact();
    }
  }

  /** Drops closed and moved tensors, so that a long-lived scope does not grow with work done. */
  private void compact() {
    List<Tensor> open = new ArrayList<>();
    for (Tensor tensor : tensors) {
      if (tensor.scope == this && !tensor.isClosed()) {
        open.add(tensor);
      }
    }
    tensors = open;
    compactAt = Math.max(FIRST_COMPACTION, 2 * open.size());
  }

  private static void requireNotStrict(String what) {
    if (STRICT) {
      throw new IllegalStateException(
          what + " while heed.tensor.strict=true; open a TensorScope around the work");
    }
  }

  private void checkOwner() {
    if (Thread.currentThread() != owner) {
      throw new WrongThreadException(
          "a TensorScope belongs to the thread that opened it: expected "
              + owner
              + ", got "
              + Thread.currentThread());
    }
    if (closed) {
      throw new IllegalStateException("this TensorScope is closed");
    }
  }

  /**
   * Frees every tensor of this scope that was not kept.
   *
   * @throws IllegalStateException if a scope opened later is still open, or on a second call
   * @throws WrongThreadException on a thread other than the one that opened it
   */
  @Override
  public void close() {
    checkOwner();
    if (CURRENT.get() != this) {
      throw new IllegalStateException(
          "scopes nest strictly: close the scopes opened after this one first");
    }
    closed = true;
    CURRENT.set(parent);
    for (Tensor tensor : tensors) {
      if (tensor.scope == this) {
        tensor.close();
      }
    }
    tensors = List.of();
    if (inference != null) {
      inference.close();
    }
    FinishedGraphs.release(parent == null);
  }
}
