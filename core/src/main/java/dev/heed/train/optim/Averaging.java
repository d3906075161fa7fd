package dev.heed.train.optim;

/**
 * How weights are averaged while they are trained: after update t the average a becomes {@code
 * kept(t) · a + (1 - kept(t)) · w}, having started as the first weights.
 */
public sealed interface Averaging {
  /**
   * What is kept of the average.
   *
   * @param update t, from 1
   * @return in [0, 1]
   */
  double kept(long update);

  /** An exponential moving average of this decay, from the first weights on. */
  static Averaging exponential(double decay) {
    return new Exponential(decay);
  }

  /** The plain mean of the weights from update {@code start} on (Izmailov et al. 2018). */
  static Averaging stochastic(long start) {
    return new Stochastic(start);
  }

  /**
   * {@code a ← da + (1 - d)w}.
   *
   * @param decay d in [0, 1)
   */
  record Exponential(double decay) implements Averaging {
    /** Checks the range. */
    public Exponential {
      UpdateRule.require("decay", decay, 0, 1);
    }

    @Override
    public double kept(long update) {
      return decay;
    }
  }

  /**
   * As {@link Exponential} from zeros, divided by {@code 1 - dᵗ} as Adam's means are: the first
   * weights do not count.
   *
   * @param decay d in [0, 1)
   */
  record ZeroCorrected(double decay) implements Averaging {
    /** Checks the range. */
    public ZeroCorrected {
      UpdateRule.require("decay", decay, 0, 1);
    }

    @Override
    public double kept(long update) {
      return 1 - (1 - decay) / (1 - Math.pow(decay, update));
    }
  }

  /**
   * As {@link Exponential} with {@code min(d, (1 + t) / (10 + t))}, as TensorFlow's average with a
   * number of updates: it follows closely at first.
   *
   * @param decay d in [0, 1)
   */
  record WarmedUp(double decay) implements Averaging {
    /** Checks the range. */
    public WarmedUp {
      UpdateRule.require("decay", decay, 0, 1);
    }

    @Override
    public double kept(long update) {
      return Math.min(decay, (1.0 + update) / (10 + update));
    }
  }

  /**
   * As {@link Exponential}, but the first update copies the weights, as PyTorch's {@code
   * AveragedModel}.
   *
   * @param decay d in [0, 1)
   */
  record FirstCopied(double decay) implements Averaging {
    /** Checks the range. */
    public FirstCopied {
      UpdateRule.require("decay", decay, 0, 1);
    }

    @Override
    public double kept(long update) {
      return update == 1 ? 0 : decay;
    }
  }

  /**
   * The plain mean of the weights from update {@code start} on; the first weights before it.
   *
   * @param start from 1
   */
  record Stochastic(long start) implements Averaging {
    /** Checks the range. */
    public Stochastic {
      if (start < 1) {
        throw new IllegalArgumentException("averaging: expected a start from 1, got " + start);
      }
    }

    @Override
    public double kept(long update) {
      double before = Math.max(0, update - start);
      return update < start ? 1 : before / (before + 1);
    }
  }
}
