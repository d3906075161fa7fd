package dev.heed.attention.kernel;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.tensor.Tensor;

/**
 * Attention and its gradients by loops over arrays of double, as the formula says it, sharing
 * nothing with the kernel but what a mask and a score change answer for one pair.
 */
final class DoubleLoops {
  private final Sizes sizes;
  private final AttentionSpec spec;
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final double[] weights;
  private final double[] raw;

  final double[] output;
  final double[] queryGradient;
  final double[] keyGradient;
  final double[] valueGradient;

  DoubleLoops(Sizes sizes, Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    this.sizes = sizes;
    this.spec = spec;
    this.q = q.toDoubleArray();
    this.k = k.toDoubleArray();
    this.v = v.toDoubleArray();
    this.weights = new double[sizes.batches() * sizes.heads() * sizes.queries() * sizes.keys()];
    this.raw = new double[weights.length];
    this.output = new double[sizes.batches() * sizes.heads() * sizes.queries() * sizes.values()];
    this.queryGradient = new double[this.q.length];
    this.keyGradient = new double[this.k.length];
    this.valueGradient = new double[this.v.length];
    for (int row = 0; row < rows(); row++) {
      forward(row);
    }
  }

  private int rows() {
    return sizes.batches() * sizes.heads() * sizes.queries();
  }

  private int batch(int row) {
    return row / sizes.queries() / sizes.heads();
  }

  private int head(int row) {
    return row / sizes.queries() % sizes.heads();
  }

  private int position(int row) {
    return row % sizes.queries() + sizes.keys() - sizes.queries();
  }

  /** Where the key's row begins, counted in rows. */
  private int keyRow(int row, int key) {
    int keyHead = head(row) / (sizes.heads() / sizes.keyHeads());
    return (batch(row) * sizes.keyHeads() + keyHead) * sizes.keys() + key;
  }

  private void forward(int row) {
    double greatest = Double.NEGATIVE_INFINITY;
    double[] scores = new double[sizes.keys()];
    for (int key = 0; key < sizes.keys(); key++) {
      scores[key] = score(row, key);
      greatest = Math.max(greatest, scores[key]);
    }
    double sum = 0;
    for (int key = 0; key < sizes.keys() && greatest > Double.NEGATIVE_INFINITY; key++) {
      double power = Math.exp(scores[key] - greatest);
      weights[row * sizes.keys() + key] = power;
      sum += power;
    }
    for (int key = 0; key < sizes.keys() && sum > 0; key++) {
      weights[row * sizes.keys() + key] /= sum;
      for (int d = 0; d < sizes.values(); d++) {
        output[row * sizes.values() + d] +=
            weights[row * sizes.keys() + key] * v[keyRow(row, key) * sizes.values() + d];
      }
    }
  }

  private double score(int row, int key) {
    if (spec.mask() != null && !spec.mask().allows(batch(row), head(row), position(row), key)) {
      return Double.NEGATIVE_INFINITY;
    }
    double score = 0;
    for (int d = 0; d < sizes.width(); d++) {
      score += q[row * sizes.width() + d] * k[keyRow(row, key) * sizes.width() + d];
    }
    score *= spec.scale();
    raw[row * sizes.keys() + key] = score;
    return spec.modifier() == null
        ? score
        : spec.modifier().modify(batch(row), head(row), position(row), key, score);
  }

  /** Gradients of {@code Σ output · change}. */
  void backward(double[] change) {
    for (int row = 0; row < rows(); row++) {
      double inner = 0;
      for (int d = 0; d < sizes.values(); d++) {
        inner += change[row * sizes.values() + d] * output[row * sizes.values() + d];
      }
      for (int key = 0; key < sizes.keys(); key++) {
        double weight = weights[row * sizes.keys() + key];
        if (weight > 0) {
          backward(row, key, weight, inner, change);
        }
      }
    }
  }

  private void backward(int row, int key, double weight, double inner, double[] change) {
    int at = keyRow(row, key);
    double toWeight = 0;
    for (int d = 0; d < sizes.values(); d++) {
      double toOutput = change[row * sizes.values() + d];
      toWeight += toOutput * v[at * sizes.values() + d];
      valueGradient[at * sizes.values() + d] += weight * toOutput;
    }
    double toScore = weight * (toWeight - inner) * spec.scale();
    if (spec.modifier() != null) {
      double score = raw[row * sizes.keys() + key];
      toScore *= spec.modifier().derivative(batch(row), head(row), position(row), key, score);
    }
    for (int d = 0; d < sizes.width(); d++) {
      queryGradient[row * sizes.width() + d] += toScore * k[at * sizes.width() + d];
      keyGradient[at * sizes.width() + d] += toScore * q[row * sizes.width() + d];
    }
  }
}
