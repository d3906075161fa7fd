package dev.heed.model.swin;

import dev.heed.attention.position.Grid;
import dev.heed.attention.score.GridBias;
import dev.heed.attention.score.ScoreBias;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Biases that a small network makes of the logarithms of two places' distances, so that windows of
 * another size than the trained one have some too: {@code 16 · σ(W₂ · relu(W₁·Δ + b₁))} with {@code
 * Δ = sign(d)·log₂(1 + |8·d|) / 3} of rows and columns, d in shares of a window (Liu et al. 2022,
 * section 3.3, equations 3 and 4; the factors are those of the authors' code).
 */
final class ContinuousBias extends Module {
  private static final int INNER = 512;
  private static final double LARGEST = 16;
  private static final double REACH = 8;

  private final Linear in;
  private final Linear out;
  private final Grid window;
  private final int trained;

  /**
   * For one window.
   *
   * @param window its side
   * @param pretrained the side of which distances are shares, or 0 for its own
   */
  ContinuousBias(Weights weights, int heads, int window, int pretrained) {
    super(weights);
    this.in = Linear.of(weights.child("0"), 2, INNER);
    this.out = Linear.of(weights.child("2"), INNER, heads, false);
    this.window = new Grid(window, window);
    this.trained = pretrained > 0 ? pretrained : window;
  }

  /** Made anew for a call. */
  ScoreBias make() {
    return new ScoreBias(
        TensorScope.run(() -> {
          Tensor places = Tensor.of(distances(), window.offsets(), 2).to(in.weight().dtype());
          Tensor table = out.apply(in.apply(places).relu()).sigmoid().mul(LARGEST);
          return GridBias.written(table, window);
        }));
  }

  /** {@code [offsets, 2]}: of rows and of columns. */
  private double[] distances() {
    int side = 2 * window.width() - 1;
    double[] distances = new double[2 * window.offsets()];
    for (int i = 0; i < window.offsets(); i++) {
      distances[2 * i] = logarithm(i / side - window.height() + 1);
      distances[2 * i + 1] = logarithm(i % side - window.width() + 1);
    }
    return distances;
  }

  private double logarithm(int places) {
    // A window of one place has no distances.
    double share = REACH * places / Math.max(1, trained - 1);
    return Math.signum(share) * Math.log1p(Math.abs(share)) / Math.log(REACH);
  }
}
