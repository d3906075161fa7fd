package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.TensorBase;
import org.jspecify.annotations.Nullable;

/**
 * One run of LibTorch backwards through a graph, on the thread that asked for gradients; a hook may
 * ask for gradients of another graph, and so begin a run within the run.
 */
final class BackwardRun {
  private static final ThreadLocal<@Nullable BackwardRun> CURRENT = new ThreadLocal<>();

  /** LibTorch's words where an operator of its own has let go of what it saved. */
  private static final String SECOND_TIME = "backward through the graph a second time";

  private final List<TiedNode> nodes = new ArrayList<>();
  private final boolean outermost;
  private @Nullable Throwable failure;
  private @Nullable TensorBase arrived;

  private BackwardRun(boolean outermost) {
    this.outermost = outermost;
  }

  /**
   * Runs a graph backwards.
   *
   * @param operation for messages, as {@code output} is
   * @param engine the call to LibTorch
   * @throws RuntimeException what a backward pass written in Java threw, or LibTorch's error
   */
  static <T> T of(String operation, Tensor output, Supplier<T> engine) {
    BackwardRun outer = CURRENT.get();
    BackwardRun run = new BackwardRun(outer == null);
    CURRENT.set(run);
    try {
      return Native.run(operation, engine, output);
    } catch (RuntimeException e) {
      throw run.failure == null ? inHeedsWords(e) : run.cause();
    } finally {
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
      run.nodes.forEach(TiedNode::end);
      run.keep(null);
    }
  }

  private static RuntimeException inHeedsWords(RuntimeException e) {
    return String.valueOf(e.getMessage()).contains(SECOND_TIME)
        ? new IllegalStateException(TiedNode.FREED, e)
        : e;
  }

  /** What failed in Java, of which LibTorch hands on no more than the message. */
  private RuntimeException cause() {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) Objects.requireNonNull(failure);
  }

  /**
   * Runs what a hook does, in the run that called it.
   *
   * @param arrived what LibTorch handed to the hook, which nobody else would free
   */
  static void inHook(TensorBase arrived, Consumer<BackwardRun> body) {
    BackwardRun run = CURRENT.get();
    if (run == null) {
      throw new IllegalStateException(
          "gradients: a backward pass arrived on a thread that did not ask for gradients; LibTorch"
              + " changes threads where backward passes nest more than 60 deep");
    }
    run.keep(arrived);
    try {
      body.accept(run);
    } catch (RuntimeException | Error e) {
      run.failure = e;
      throw e;
    }
  }

  /**
   * Until the hook has returned, which may hand the same on: that is when the next one is called.
   */
  private void keep(@Nullable TensorBase other) {
    if (arrived != null) {
      Pinned.close(arrived);
    }
    arrived = other;
  }

  /** Whether it is not a run that a hook of another one began. */
  boolean isOutermost() {
    return outermost;
  }

  void add(TiedNode node) {
    nodes.add(node);
  }

  /** Called as another node's gradient arrives: the hooks of earlier nodes have returned. */
  void dropDelivered() {
    nodes.removeIf(TiedNode::endIfDelivered);
  }
}
