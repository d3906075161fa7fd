package dev.heed.attention.score;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Gives the first key a learned score of its own for each head, whatever the query: a sink, which
 * takes a share of the softmax and is no token.
 *
 * <p>Gradients flow to the scores.
 */
public final class SinkScore implements ScoreModifier {
  private final Tensor sinks;
  private final double[] values;

  /**
   * From learned scores, whose values are read now.
   *
   * @param sinks {@code [H]}; must stay open while the modifier is used
   */
  public SinkScore(Tensor sinks) {
    this.sinks = sinks;
    this.values = sinks.toDoubleArray();
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return key == 0 ? values[head] : score;
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return key == 0 ? 0 : 1;
  }

  @Override
  public List<Tensor> parameters() {
    return List.of(sinks);
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    if (key == 0) {
      into[0][head] += gradient;
    }
  }

  @Override
  public void modify(ScoreTile tile) {
    if (holdsSink(tile)) {
      for (int lane = 0; lane < tile.queries(); lane++) {
        tile.scores()[lane] = (float) values[tile.head()];
      }
    }
  }

  @Override
  public void backward(ScoreTile tile, float[] gradient, double[][] into) {
    if (holdsSink(tile)) {
      for (int lane = 0; lane < tile.queries(); lane++) {
        into[0][tile.head()] += gradient[lane];
        gradient[lane] = 0;
      }
    }
  }

  private static boolean holdsSink(ScoreTile tile) {
    return tile.firstKey() == 0 && tile.from() == 0 && tile.to() > 0;
  }

  @Override
  public Tensor modify(Tensor scores) {
    return TensorScope.run(() -> {
      Tensor first = Tensor.arange(scores.size(-1), DType.I64).eq(0);
      Tensor each = sinks.to(scores.dtype()).reshape(1, sinks.size(0), 1, 1);
      return Tensor.where(first, each, scores);
    });
  }
}
