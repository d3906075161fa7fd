package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean cross entropy of a linear map's scores, {@code mean_i -log softmax(x_i · Wᵀ + b)_{t_i}},
 * for training: scores are made for a few rows at a time and turned into gradients while they lie
 * in the cache, {@code dW = Σ_i (p_i - onehot(t_i)) x_iᵀ / N}, so that a table of all rows by all
 * words never exists (Hsu et al. 2024, section 3.2). Sums are of single precision at least.
 */
public final class FusedCrossEntropy {
  /** Scores that are held at a time: 4 MB of f32. */
  private static final long HELD = 1L << 20;

  private final List<Tensor> inputs;
  private final List<Boolean> asked;
  private final DType type;
  private final DType wide;

  private FusedCrossEntropy(List<Tensor> inputs) {
    boolean learning = Gradients.areEnabled();
    this.inputs = inputs;
    this.asked = inputs.stream().map(input -> learning && input.requiresGrad()).toList();
    this.type = inputs.getFirst().dtype();
    this.wide = type == DType.F64 ? DType.F64 : DType.F32;
  }

  /**
   * Whether it saves anything: something learns, and there are more scores than are held at a time.
   *
   * @param x {@code [N, in]}
   * @param weight {@code [words, in]}
   */
  public static boolean fits(Tensor x, Tensor weight) {
    return x.size(0) * weight.size(0) > HELD
        && x.dtype() == weight.dtype()
        && Gradients.areEnabled()
        && (x.requiresGrad() || weight.requiresGrad());
  }

  /**
   * Computes the loss, and the gradients where something learns.
   *
   * @param x {@code [N, in]}, N at least 1
   * @param weight W {@code [words, in]}, of x's type
   * @param bias b {@code [words]}, or null
   * @param targets t, i64 {@code [N]}, each in [0, words)
   * @return a scalar of x's type, owned by the current scope
   */
  public static Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias, Tensor targets) {
    List<Tensor> inputs = bias == null ? List.of(x, weight) : List.of(x, weight, bias);
    FusedCrossEntropy pass = new FusedCrossEntropy(inputs);
    return CustomGradient.apply(inputs, () -> pass.forward(targets), pass::backward);
  }

  /** The loss, and as what is saved the gradients that were asked for, in the inputs' order. */
  private CustomGradient.Forward forward(Tensor targets) {
    List<@Nullable Tensor> gradients = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      gradients.add(asked.get(i) ? Tensor.zeros(inputs.get(i).shape(), wide) : null);
    }
    long rows = inputs.getFirst().size(0);
    long together = Math.max(1, HELD / inputs.get(1).size(0));
    Tensor sum = Tensor.zeros(Shape.of(), wide);
    for (long from = 0; from < rows; from += together) {
      try (TensorScope scope = TensorScope.open()) {
        long count = Math.min(together, rows - from);
        Tensor told = targets.narrow(0, from, count).unsqueeze(1);
        sum.addInPlace(some(from, told, gradients), 1);
      }
    }
    List<Tensor> saved = new ArrayList<>();
    for (Tensor gradient : gradients) {
      if (gradient != null) {
        saved.add(gradient.mulInPlace(1.0 / rows));
      }
    }
    return new CustomGradient.Forward(sum.div((double) rows).to(type), saved);
  }

  /** The summed loss of some rows, whose gradients are added to those there are. */
  private Tensor some(long from, Tensor told, List<@Nullable Tensor> gradients) {
    Tensor x = inputs.get(0).narrow(0, from, told.size(0));
    Tensor weight = inputs.get(1);
    Tensor scores = x.linear(weight, inputs.size() > 2 ? inputs.get(2) : null);
    Tensor logs = scores.to(wide).logSoftmax(-1);
    Tensor loss = logs.gather(1, told).sum().neg();
    Tensor minus = Tensor.full(told.shape(), -1, wide);
    Native.inPlace("exp", logs, logs, () -> logs.handle().exp_());
    Native.inPlace(
        "scatterAdd",
        logs,
        told,
        () -> logs.handle().scatter_add_(1, told.handle(), minus.handle()));
    Tensor change = logs.to(type);
    Tensor dx = gradients.get(0);
    if (dx != null) {
      dx.narrow(0, from, told.size(0)).assign(change.matmul(weight));
    }
    Tensor dw = gradients.get(1);
    if (dw != null) {
      addProduct(dw, change.transpose(0, 1), x);
    }
    Tensor db = gradients.getLast();
    if (inputs.size() > 2 && db != null) {
      db.addInPlace(logs.sum(0, false), 1);
    }
    return loss;
  }

  private void addProduct(Tensor sum, Tensor a, Tensor b) {
    if (type == wide) {
      Native.inPlace("addmm", a, b, () -> sum.handle().addmm_(a.handle(), b.handle()));
    } else {
      sum.addInPlace(a.matmul(b), 1);
    }
  }

  private List<@Nullable Tensor> backward(Tensor gradient, List<Tensor> saved) {
    List<@Nullable Tensor> gradients = new ArrayList<>();
    int next = 0;
    for (boolean wanted : asked) {
      gradients.add(wanted ? saved.get(next++).mul(gradient.to(wide)).to(type) : null);
    }
    return gradients;
  }
}
