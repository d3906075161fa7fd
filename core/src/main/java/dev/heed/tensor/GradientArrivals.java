package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * Hands gradients on while a backward pass still runs: each as soon as nothing more is added to it.
 */
public final class GradientArrivals implements AutoCloseable {
  /** Is handed gradients. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A gradient is complete.
     *
     * @param input its place among the inputs
     * @param gradient belongs to the current scope
     */
    void arrived(int input, Tensor gradient);
  }

  private record Registered(Tensor input, int number, TensorTensorHook hook) {}

  private final ThreadLocal<@Nullable Listener> listening = new ThreadLocal<>();
  private final List<Registered> hooks = new ArrayList<>();

  /**
   * Watches tensors.
   *
   * @param inputs require gradients and stay the caller's; no graph that they are in may be run
   *     backwards meanwhile, nor while this is closed
   */
  public GradientArrivals(List<Tensor> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      TensorTensorHook hook = new Arrival(this, i);
      hooks.add(new Registered(input, input.handle().register_hook(hook), hook));
    }
  }

  /**
   * Runs {@code body} on this thread, which asks for gradients of the inputs.
   *
   * @param listener told of each input that the gradients reach, once
   */
  public <T> T during(Listener listener, Supplier<T> body) {
    listening.set(listener);
    try {
      return body.get();
    } finally {
      listening.remove();
    }
  }

  /** Runs within runs are of parts that were computed again, whose gradients are not complete. */
  private void arrived(int input, TensorBase gradient) {
    Listener listener = listening.get();
    BackwardRun.inHook(
        gradient,
        run -> {
          if (listener != null && run.isOutermost()) {
            listener.arrived(input, Tensor.wrap(new org.bytedeco.pytorch.Tensor(gradient)));
          }
        });
  }

  /** Watches no longer. */
  @Override
  public void close() {
    hooks.forEach(one -> {
      one.input().handle().remove_hook(one.number());
      Pinned.close(one.hook());
    });
    hooks.clear();
  }

  private static final class Arrival extends TensorTensorHook {
    private final GradientArrivals arrivals;
    private final int input;

    Arrival(GradientArrivals arrivals, int input) {
      this.arrivals = arrivals;
      this.input = input;
    }

    @Override
    public TensorBase call(TensorBase gradient) {
      arrivals.arrived(input, gradient);
      return gradient;
    }
  }
}
