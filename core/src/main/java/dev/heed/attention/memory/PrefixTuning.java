package dev.heed.attention.memory;

import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Trained keys and values for every layer of a frozen model: {@code P = W₂ tanh(W₁ E + b₁) + b₂}
 * (Li and Liang 2021, section 4.3, the reparametrised prefix).
 */
public final class PrefixTuning extends Module {
  private final Embedding table;
  private final Linear inner;
  private final Linear outer;
  private final Layout layout;

  /**
   * What the prefix is for.
   *
   * @param length virtual tokens P, from 1
   * @param layers of the model
   * @param heads of each layer
   * @param headSize of each head
   * @param middle the size between the two maps, used in training only
   */
  public record Layout(int length, int layers, int heads, int headSize, int middle) {
    long size() {
      return (long) heads * headSize;
    }
  }

  /**
   * With parameters {@code wte.weight [P, size]}, {@code control_trans.0} and {@code
   * control_trans.2}.
   */
  public PrefixTuning(Weights weights, Layout layout) {
    super(weights);
    this.layout = layout;
    Weights control = weights.child("control_trans");
    this.table = new Embedding(weights.child("wte"), layout.length(), layout.size(), -1);
    this.inner = Linear.of(control.child("0"), layout.size(), layout.middle());
    this.outer =
        Linear.of(control.child("2"), layout.middle(), 2 * layout.layers() * layout.size());
  }

  /**
   * The prefix of each layer, the same for every sequence of a batch.
   *
   * @return one a layer, keys and values {@code [B, H, P, head size]}
   */
  public List<PrefixAttention> prefixes(long batch) {
    return TensorScope.run(() -> {
      Tensor tokens = Tensor.arange(layout.length(), DType.I64);
      Tensor all =
          outer
              .apply(inner.apply(table.apply(tokens)).tanh())
              // [1, P, 2·layers, H, D] -> [2·layers, B, H, P, D]
              .reshape(1, layout.length(), 2L * layout.layers(), layout.heads(), layout.headSize())
              .permute(2, 0, 3, 1, 4)
              .expand(-1, batch, -1, -1, -1);
      List<PrefixAttention> prefixes = new ArrayList<>();
      for (int layer = 0; layer < layout.layers(); layer++) {
        prefixes.add(new PrefixAttention(all.select(0, 2L * layer), all.select(0, 2L * layer + 1)));
      }
      return prefixes;
    });
  }
}
