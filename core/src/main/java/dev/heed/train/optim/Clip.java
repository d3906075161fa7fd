package dev.heed.train.optim;

import dev.heed.tensor.Tensor;
import java.util.Collection;
import java.util.List;

/** What is done to gradients that are too large. */
public sealed interface Clip {
  /** Leaves gradients as they are. */
  Clip NONE = new None();

  /** Nothing is clipped. */
  record None() implements Clip {
    @Override
    public Clipping measure(Collection<Tensor> gradients, double scale) {
      double norm = scale * GradientNorm.of(List.copyOf(gradients), 2);
      return new Clipping(norm, scale, Double.POSITIVE_INFINITY, false);
    }
  }

  /**
   * All gradients are multiplied by {@code min(1, max / (‖g‖ + 10⁻⁶))}, the norm being that of all
   * of them together (Pascanu et al. 2013, algorithm 1, as PyTorch arranges it).
   *
   * @param max the largest norm, above 0
   * @param degree p of the norm {@code (Σ|g|ᵖ)^(1/p)}, above 0; infinite for the largest |g|
   */
  record Norm(double max, double degree) implements Clip {
    private static final double TINY = 1e-6;

    /** Checks the ranges. */
    public Norm {
      if (!(max > 0) || !(degree > 0)) {
        throw new IllegalArgumentException(
            "clip: expected a largest norm and a degree above 0, got " + max + " and " + degree);
      }
    }

    @Override
    public Clipping measure(Collection<Tensor> gradients, double scale) {
      double norm = scale * GradientNorm.of(List.copyOf(gradients), degree);
      double factor = Math.min(1, max / (norm + TINY));
      return new Clipping(norm, scale * factor, Double.POSITIVE_INFINITY, factor < 1);
    }
  }

  /**
   * Each element is moved into {@code [-limit, limit]}.
   *
   * @param limit above 0
   */
  record Value(double limit) implements Clip {
    /** Checks the range. */
    public Value {
      if (!(limit > 0)) {
        throw new IllegalArgumentException("clip: expected a limit above 0, got " + limit);
      }
    }

    @Override
    public Clipping measure(Collection<Tensor> gradients, double scale) {
      double norm = scale * GradientNorm.of(List.copyOf(gradients), 2);
      return new Clipping(norm, scale, limit, norm > limit);
    }
  }

  /** By the Euclidean norm of all gradients together. */
  static Clip norm(double max) {
    return new Norm(max, 2);
  }

  /**
   * Reads gradients without changing them.
   *
   * @param gradients floating point, any layout
   */
  default Clipping measure(Collection<Tensor> gradients) {
    return measure(gradients, 1);
  }

  /**
   * Reads gradients without changing them, as if they were multiplied by a number first.
   *
   * @param scale above 0, for example one over the number of targets that were summed over
   */
  Clipping measure(Collection<Tensor> gradients, double scale);
}
