package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * One computation of {@link CustomGradient} in LibTorch's graph, and when what it holds is freed.
 *
 * <p>LibTorch tells nobody that it frees a graph, but the hooks are ours to free. So the tie
 * depends on two scalars whose reference counts tell:
 *
 * <ul>
 *   <li>{@code token} is saved for the backward pass, which lets go of it: from then on the graph
 *       cannot be run backwards again, and what the forward pass saved is freed;
 *   <li>{@code root} is a leaf, to which the graph refers until it is destroyed: from then on no
 *       hook can be called, and the hooks are freed.
 * </ul>
 *
 * <p>A thread looks for what is finished whenever it closes a scope, among the nodes it tied and
 * those of threads that have ended; others may look at any time, and run the graph backwards. So a
 * node has one owner at a time: who ties it, who frees it, or the {@link BackwardRun} that its
 * gradient has arrived in, since the token is let go of before the last hook has been called.
 */
final class TiedNode implements FinishedGraphs.Node {
  /** What is said of a graph that is run backwards a second time. */
  static final String FREED =
      "gradients: an earlier backward pass has freed this graph; compute the output again";

  private enum Owner {
    TYING,
    FREEING
  }

  private final Thread tiedBy = Thread.currentThread();
  private final CustomGradient.Backward backward;
  private final List<Tensor> saved;
  private final List<Long> changes;
  private final Tensor token = TensorScope.release(Tensor.scalar(0, DType.BOOL));
  private final Tensor root;
  private final List<TensorTensorHook> hooks = new ArrayList<>();
  private final AtomicReference<@Nullable Object> owner = new AtomicReference<>(Owner.TYING);
  private List<? extends @Nullable Tensor> gradients = List.of();
  private int undelivered;
  private boolean spent;

  private TiedNode(CustomGradient.Backward backward, List<Tensor> saved, DType type) {
    this.backward = backward;
    this.saved = TensorScope.release(saved.stream().map(Tensor::detach).toList());
    this.changes = this.saved.stream().map(Tensor::changesInPlace).toList();
    this.root = TensorScope.release(Tensor.scalar(0, type)).requiresGrad(true);
  }

  /** The output as a part of the graph of those inputs that require gradients. */
  static Tensor tie(
      List<Tensor> inputs, CustomGradient.Forward result, CustomGradient.Backward backward) {
    return Pinned.call(() -> {
      TiedNode node = new TiedNode(backward, result.saved(), result.output().dtype());
      FinishedGraphs.add(node);
      try {
        return node.tie(inputs, result.output());
      } finally {
        node.owner.set(null);
      }
    });
  }

  private Tensor tie(List<Tensor> inputs, Tensor output) {
    Tensor sum = root;
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).requiresGrad()) {
        Tensor alias = inputs.get(i).view(inputs.get(i).shape().toArray());
        register(alias, new Deliver(this, i));
        // where() and not a product with zero: an infinite input must not turn the tie into NaN.
        sum = Tensor.where(token, alias.sum().to(output.dtype()), sum);
      }
    }
    Tensor tied = output.add(sum);
    register(tied, new Receive(this));
    return tied;
  }

  private void register(Tensor tensor, TensorTensorHook hook) {
    hooks.add(hook);
    tensor.handle().register_hook(hook);
  }

  @Override
  public Thread tiedBy() {
    return tiedBy;
  }

  /** Whether nothing of this node is left to free; the last reference to a scalar is our own. */
  @Override
  public boolean freeIfFinished() {
    if (!owner.compareAndSet(null, Owner.FREEING)) {
      return false;
    }
    boolean destroyed = root.handle().use_count() == 1;
    if (!spent && (destroyed || token.handle().use_count() == 1)) {
      spent = true;
      saved.forEach(Tensor::close);
      token.close();
    }
    if (destroyed) {
      hooks.forEach(Pinned::close);
      root.close();
      return true; // and nobody else will ever own it
    }
    owner.set(null);
    return false;
  }

  /** Runs the backward pass for the gradient of the output. */
  private void receive(BackwardRun run, TensorBase gradOutput) {
    run.dropDelivered();
    claim(run);
    run.add(this);
    requireUnchanged();
    try (TensorScope scope = TensorScope.open()) {
      Tensor gradient = Tensor.wrap(new org.bytedeco.pytorch.Tensor(gradOutput));
      gradients =
          TensorScope.release(
              scope.keep(Gradients.disabled(() -> backward.apply(gradient, saved))));
      undelivered = hooks.size() - 1;
    }
  }

  private void requireUnchanged() {
    for (int i = 0; i < saved.size(); i++) {
      if (saved.get(i).changesInPlace() != changes.get(i)) {
        throw new IllegalStateException(
            "gradients: expected what the forward pass read to be as it was, got "
                + saved.get(i).describe()
                + " that was changed in place since; change a copy(), or ask for gradients first");
      }
    }
  }

  private void claim(BackwardRun run) {
    while (!owner.compareAndSet(null, run)) {
      if (owner.get() instanceof BackwardRun) {
        throw new IllegalStateException(
            "gradients: this graph is being run backwards already; compute the output once for each"
                + " thread that asks for its gradients");
      }
      Thread.yield(); // someone looks whether it can be freed
    }
    if (spent) {
      owner.set(null);
      throw new IllegalStateException(FREED);
    }
  }

  /** Ends the run's ownership if all gradients have arrived, which later hooks of the run tell. */
  boolean endIfDelivered() {
    if (undelivered > 0) {
      return false;
    }
    end();
    return true;
  }

  /** Ends the run's ownership. */
  void end() {
    for (Tensor gradient : gradients) {
      if (gradient != null) {
        gradient.close();
      }
    }
    gradients = List.of();
    undelivered = 0;
    owner.set(null);
  }

  /** Hands the gradient of the output to the backward pass. */
  private static final class Receive extends TensorTensorHook {
    private final TiedNode node;

    Receive(TiedNode node) {
      this.node = node;
    }

    @Override
    public TensorBase call(TensorBase gradOutput) {
      BackwardRun.inHook(gradOutput, run -> node.receive(run, gradOutput));
      return gradOutput;
    }
  }

  /** Replaces the zero that arrives at one input's alias by its gradient. */
  private static final class Deliver extends TensorTensorHook {
    private final TiedNode node;
    private final int input;

    Deliver(TiedNode node, int input) {
      this.node = node;
      this.input = input;
    }

    @Override
    public TensorBase call(TensorBase zero) {
      BackwardRun.inHook(zero, run -> node.undelivered--);
      Tensor gradient = node.gradients.get(input);
      return gradient == null ? zero : gradient.handle();
    }
  }
}
