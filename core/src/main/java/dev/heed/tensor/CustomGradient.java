package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * Gives a computation written in Java a backward pass of its own.
 *
 * <p>The output is computed without recording, then tied into LibTorch's graph by a term that is
 * always zero and depends on an alias of each input. A hook on the output receives its gradient and
 * runs the backward pass; a hook on each alias replaces the zero that arrives there. Hooks run on
 * the thread that asked for gradients.
 *
 * <p>What the backward pass needs lives exactly as long as the graph: the tie saves a one-element
 * token, and once the graph has let go of it (after the backward pass, or when the output is
 * forgotten) everything saved is freed.
 */
public final class CustomGradient {
  /**
   * What a forward pass hands on.
   *
   * @param output the result, made without gradients
   * @param saved what the backward pass needs besides; kept until the graph is freed
   */
  public record Forward(Tensor output, List<Tensor> saved) {}

  /** The backward pass. */
  @FunctionalInterface
  public interface Backward {
    /**
     * Gradients of the inputs.
     *
     * @param gradOutput the gradient of the output, of its shape; may be non-contiguous
     * @param saved what the forward pass saved, in its order
     * @return one an input in their order, of its shape; null where the input gets none
     */
    List<? extends @Nullable Tensor> apply(Tensor gradOutput, List<Tensor> saved);
  }

  private static final Queue<Node> NODES = new ConcurrentLinkedQueue<>();

  private CustomGradient() {}

  /**
   * Runs {@code forward} without recording and, if gradients flow to any input, ties its output
   * into the graph.
   *
   * @param inputs what gradients flow to; those that do not require gradients are skipped
   * @param forward the computation; its temporary tensors are freed
   * @param backward its gradients
   * @return the output, owned by the current scope
   */
  public static Tensor apply(
      List<Tensor> inputs, java.util.function.Supplier<Forward> forward, Backward backward) {
    releaseFinished();
    boolean needed = Gradients.areEnabled() && inputs.stream().anyMatch(Tensor::requiresGrad);
    try (TensorScope scope = TensorScope.open()) {
      Forward result = Gradients.disabled(forward::get);
      if (!needed) {
        return scope.keep(result.output());
      }
      Node node = new Node(backward, result.saved().stream().map(Tensor::detach).toList());
      TensorScope.release(node.saved);
      return scope.keep(node.tie(inputs, result.output()));
    }
  }

  /** Frees what graphs that are gone had saved. */
  static void releaseFinished() {
    if (!NODES.isEmpty()) {
      NODES.removeIf(Node::closeIfFinished);
    }
  }

  private static final class Node {
    private final Backward backward;
    private final List<Tensor> saved;
    private final List<TensorTensorHook> hooks = new ArrayList<>();
    private final Tensor token = TensorScope.release(Tensor.scalar(0, DType.BOOL));
    private List<? extends @Nullable Tensor> gradients = List.of();
    private int undelivered;

    Node(Backward backward, List<Tensor> saved) {
      this.backward = backward;
      this.saved = saved;
    }

    Tensor tie(List<Tensor> inputs, Tensor output) {
      Tensor zero = Tensor.scalar(0, output.dtype());
      Tensor sum = null;
      for (int i = 0; i < inputs.size(); i++) {
        if (inputs.get(i).requiresGrad()) {
          Tensor alias = inputs.get(i).view(inputs.get(i).shape().toArray());
          register(alias, new Deliver(this, i));
          // where() and not a product with zero: an infinite input must not turn the tie into NaN.
          Tensor term = Tensor.where(token, alias.sum().to(output.dtype()), zero);
          sum = sum == null ? term : sum.add(term);
        }
      }
      Tensor tied = output.add(sum == null ? zero : sum);
      register(tied, new Receive(this));
      NODES.add(this);
      return tied;
    }

    private void register(Tensor tensor, TensorTensorHook hook) {
      hooks.add(hook);
      tensor.handle().register_hook(hook);
    }

    void run(Tensor gradOutput, int inputs) {
      dropDelivered();
      gradients = TensorScope.release(TensorScope.run(() -> backward.apply(gradOutput, saved)));
      undelivered = inputs;
    }

    /** Called before another node's backward pass: the hooks of earlier nodes have returned. */
    private static void dropDelivered() {
      for (Node node : NODES) {
        if (node.undelivered == 0) {
          node.closeGradients();
        }
      }
    }

    private void closeGradients() {
      for (Tensor gradient : gradients) {
        if (gradient != null) {
          gradient.close();
        }
      }
      gradients = List.of();
    }

    /** The token's only reference left is ours when the graph has been freed. */
    boolean closeIfFinished() {
      if (token.handle().use_count() > 1) {
        return false;
      }
      closeGradients();
      saved.forEach(Tensor::close);
      hooks.forEach(TensorTensorHook::close);
      token.close();
      return true;
    }
  }

  /** Hands the gradient of the output to the backward pass. */
  private static final class Receive extends TensorTensorHook {
    private final Node node;

    Receive(Node node) {
      this.node = node;
    }

    @Override
    public TensorBase call(TensorBase gradOutput) {
      try (TensorScope scope = TensorScope.open()) {
        Tensor gradient = Tensor.wrap(new org.bytedeco.pytorch.Tensor(gradOutput));
        node.run(gradient, node.hooks.size() - 1);
      }
      return gradOutput;
    }
  }

  /** Replaces the zero that arrives at one input's alias by its gradient. */
  private static final class Deliver extends TensorTensorHook {
    private final Node node;
    private final int input;

    Deliver(Node node, int input) {
      this.node = node;
      this.input = input;
    }

    @Override
    public TensorBase call(TensorBase zero) {
      node.undelivered--;
      Tensor gradient = node.gradients.get(input);
      return gradient == null ? zero : gradient.handle();
    }
  }
}
