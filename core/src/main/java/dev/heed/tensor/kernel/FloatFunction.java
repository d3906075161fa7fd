package dev.heed.tensor.kernel;

/** Functions of one number that layers apply to many. */
public enum FloatFunction {
  /** {@code eˣ}. */
  EXP {
    @Override
    public double of(double x) {
      return Math.exp(x);
    }
  },
  /** The hyperbolic tangent. */
  TANH {
    @Override
    public double of(double x) {
      return Math.tanh(x);
    }
  },
  /** {@code 1 / (1 + e⁻ˣ)}. */
  SIGMOID {
    @Override
    public double of(double x) {
      return 1 / (1 + Math.exp(-x));
    }
  },
  /** {@code x · sigmoid(x)}. */
  SILU {
    @Override
    public double of(double x) {
      return x / (1 + Math.exp(-x));
    }
  },
  /** The error function. */
  ERF {
    @Override
    public double of(double x) {
      return ErrorFunction.of(x);
    }
  },
  /** {@code x · Φ(x)}. */
  GELU {
    @Override
    public double of(double x) {
      return 0.5 * x * (1 + ErrorFunction.of(x * Math.sqrt(0.5)));
    }
  },
  /** {@code x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³)))}. */
  GELU_TANH {
    @Override
    public double of(double x) {
      return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }
  };

  /** The value for one number, in double precision. */
  public abstract double of(double x);
}
