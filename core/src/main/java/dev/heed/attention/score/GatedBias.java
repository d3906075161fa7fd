package dev.heed.attention.score;

import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Adds a bias of distances that each query takes in its own measure: {@code score +
 * gate[batch][head] [row] · bias(head, key - query)} (Chi et al. 2022, "XLM-E", section 3.4).
 *
 * <p>Gradients flow to the gates and to the bias.
 */
public final class GatedBias implements ScoreModifier {
  private final BucketBias bias;
  private final Tensor gate;
  private final double[] gates;
  private final int heads;
  private final int queries;
  private final int keys;

  /**
   * From gates whose values are read now.
   *
   * @param bias the same for all queries
   * @param gate {@code [B, H, Tq, 1]}; must stay open while the modifier is used
   * @param keys Tk, the last of which stands beside the last query
   */
  public GatedBias(BucketBias bias, Tensor gate, int keys) {
    if (gate.rank() != 4 || gate.size(3) != 1 || gate.size(2) > keys) {
      throw new ShapeException(
          "gated bias: expected gates [B, H, up to " + keys + ", 1], got " + gate.describe());
    }
    this.bias = bias;
    this.gate = gate;
    this.gates = gate.toDoubleArray();
    this.heads = (int) gate.size(1);
    this.queries = (int) gate.size(2);
    this.keys = keys;
  }

  private int place(int batch, int head, int query) {
    return (batch * heads + head) * queries + query - (keys - queries);
  }

  @Override
  public void requireFit(AttentionSizes sizes) {
    bias.requireFit(sizes);
    sizes.requirePairs("gated bias", Shape.of(gate.size(0), heads, queries, keys));
  }

  @Override
  public double modify(int batch, int head, int query, int key, double score) {
    return score + gates[place(batch, head, query)] * bias.biasOf(head, key - query);
  }

  @Override
  public double derivative(int batch, int head, int query, int key, double score) {
    return 1;
  }

  /** The gates, then those of the bias. */
  @Override
  public List<Tensor> parameters() {
    return Stream.concat(Stream.of(gate), bias.parameters().stream()).toList();
  }

  @Override
  public void accumulate(
      int batch, int head, int query, int key, double score, double gradient, double[][] into) {
    int at = place(batch, head, query);
    into[0][at] += gradient * bias.biasOf(head, key - query);
    bias.accumulate(
        batch,
        head,
        query,
        key,
        score,
        gradient * gates[at],
        Arrays.copyOfRange(into, 1, into.length));
  }

  @Override
  public Tensor modify(Tensor scores) {
    return TensorScope.run(() -> scores.add(gate.mul(bias.bias(queries, keys))));
  }
}
