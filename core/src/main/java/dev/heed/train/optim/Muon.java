package dev.heed.train.optim;

import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * Muon (Jordan et al. 2024): momentum whose singular values are pushed towards 1, for weight
 * matrices only. {@code m ← μm + (1 - μ)g}, {@code u = (1 - μ)g + μm} (or m without Nesterov's look
 * ahead), then k Newton-Schulz steps {@code X ← aX + (bA + cA²)X} with {@code A = XXᵀ} from {@code
 * u / (‖u‖ + 10⁻⁷)}; {@code p ← (1 - ηλ)p - η · √max(1, rows / columns) · X}.
 *
 * <p>A 4-dimensional kernel is a matrix {@code [d₀, rest]}, a 3-dimensional tensor a batch of
 * matrices. Rows and columns of the last factor are the last two sizes of the parameter, as in the
 * author's code.
 *
 * @param momentum μ in [0, 1)
 * @param weightDecay λ
 * @param nesterov whether to look ahead
 * @param steps k, from 1
 */
public record Muon(double momentum, double weightDecay, boolean nesterov, int steps)
    implements TensorRule {
  private static final double A = 3.4445;
  private static final double B = -4.7750;
  private static final double C = 2.0315;
  private static final String MOMENTUM = "momentum_buffer";

  /** Checks the ranges. */
  public Muon {
    UpdateRule.require("momentum", momentum, 0, 1);
    UpdateRule.requireFinite("weight_decay", weightDecay);
    if (steps < 1) {
      throw new IllegalArgumentException("muon: expected steps from 1, got " + steps);
    }
  }

  /** With Nesterov's look ahead and five steps. */
  public Muon(double momentum, double weightDecay) {
    this(momentum, weightDecay, true, 5);
  }

  @Override
  public List<Slot> slots(Shape parameter) {
    if (parameter.rank() < 2) {
      throw new IllegalArgumentException(
          "muon: expected a parameter with two dimensions or more, got "
              + parameter
              + "; put biases, gains and scalars in a group with another rule");
    }
    return List.of(new Slot(MOMENTUM, parameter));
  }

  @Override
  public void apply(Tensor parameter, Tensor gradient, Slots slots, Step step) {
    double mu = step.momentumOr(momentum);
    Tensor mean = slots.get(MOMENTUM).mulInPlace(mu).addInPlace(gradient, 1 - mu);
    Tensor update = nesterov ? gradient.mul(1 - mu).add(mean.mul(mu)) : mean;
    Tensor matrices = update.rank() == 4 ? update.reshape(update.size(0), -1) : update;
    Tensor orthogonal = orthogonal(matrices).reshape(parameter.shape().toArray());
    double scale = Math.sqrt(Math.max(1, parameter.size(-2) / (double) parameter.size(-1)));
    parameter
        .mulInPlace(1 - step.rate() * weightDecay)
        .addInPlace(orthogonal, -step.rate() * scale);
  }

  private Tensor orthogonal(Tensor matrices) {
    boolean tall = matrices.size(-2) > matrices.size(-1);
    Tensor x = tall ? matrices.transpose(-2, -1) : matrices;
    Tensor norm = x.square().sum(-1, true).sum(-2, true).sqrt();
    x = x.div(norm.add(1e-7));
    for (int i = 0; i < steps; i++) {
      Tensor gram = x.matmul(x.transpose(-2, -1));
      Tensor polynomial = gram.mul(B).add(gram.matmul(gram).mul(C));
      x = x.mul(A).add(polynomial.matmul(x));
    }
    return tall ? x.transpose(-2, -1) : x;
  }

  @Override
  public Muon withWeightDecay(double decay) {
    return new Muon(momentum, decay, nesterov, steps);
  }
}
