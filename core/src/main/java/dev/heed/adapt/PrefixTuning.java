package dev.heed.adapt;

import dev.heed.attention.MultiHeadAttention;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trained keys and values for every layer of a frozen model: {@code P = W₂ tanh(W₁ E + b₁) + b₂}
 * (Li and Liang 2021, section 4.3, the reparametrised prefix).
 *
 * {@snippet :
 * PrefixTuning prefix = new PrefixTuning(weights, Layout.of(model, 5, 64));
 * Tensor hidden = model.apply(input, prefix.into(model, Trace.training(generator))).hidden();
 * }
 */
public final class PrefixTuning extends Module {
  private final Embedding table;
  private final @Nullable Linear inner;
  private final @Nullable Linear outer;
  private final Layout layout;

  /**
   * What the prefix is for.
   *
   * @param length virtual tokens P, from 1
   * @param layers of the model
   * @param heads of each layer's keys
   * @param headSize of each head
   * @param middle the size between the two maps, used in training only; 0 learns the prefix itself
   */
  public record Layout(int length, int layers, int heads, int headSize, int middle) {
    /** Checks the sizes. */
    public Layout {
      if (length < 1 || layers < 1 || heads < 1 || headSize < 1 || middle < 0) {
        throw new IllegalArgumentException(
            "prefix: expected a length, layers, heads and a head size from 1, and 0 or more between"
                + " the maps, got "
                + List.of(length, layers, heads, headSize, middle));
      }
    }

    /**
     * For every {@link MultiHeadAttention} of a model.
     *
     * @throws IllegalArgumentException if there is none, or their key heads differ
     */
    public static Layout of(Module model, int length, int middle) {
      List<MultiHeadAttention> attentions = model.modules(MultiHeadAttention.class);
      if (attentions.isEmpty()) {
        throw new IllegalArgumentException(
            "prefix tuning: expected a model with multi-head attention, got none in "
                + model.getClass().getSimpleName());
      }
      int heads = attentions.getFirst().keyHeads();
      int size = attentions.getFirst().headSize();
      for (MultiHeadAttention attention : attentions) {
        if (attention.keyHeads() != heads || attention.headSize() != size) {
          throw new IllegalArgumentException(
              "prefix tuning: expected "
                  + heads
                  + " key heads of size "
                  + size
                  + " in every layer, got "
                  + attention.keyHeads()
                  + " of size "
                  + attention.headSize()
                  + " in "
                  + attention.path());
        }
      }
      return new Layout(length, attentions.size(), heads, size, middle);
    }

    long size() {
      return (long) heads * headSize;
    }
  }

  /**
   * With parameters {@code wte.weight [P, size]}, {@code control_trans.0} and {@code
   * control_trans.2}; or, if nothing stands between, {@code wte.weight [P, 2 · layers · size]}.
   */
  public PrefixTuning(Weights weights, Layout layout) {
    super(weights);
    this.layout = layout;
    long all = 2 * layout.layers() * layout.size();
    boolean direct = layout.middle() == 0;
    Weights control = weights.child("control_trans");
    this.table =
        new Embedding(weights.child("wte"), layout.length(), direct ? all : layout.size(), -1);
    this.inner = direct ? null : Linear.of(control.child("0"), layout.size(), layout.middle());
    this.outer = direct ? null : Linear.of(control.child("2"), layout.middle(), all);
  }

  /**
   * Puts the prefix before the keys and values of every {@link MultiHeadAttention} of a model for
   * one run. Positions of the sequence stay as they are, and a {@link
   * dev.heed.attention.DecodeState} never holds the prefix.
   *
   * @param model unchanged; freeze it to train the prefix alone
   * @param trace of that run; it must end before the scope that is open now
   * @return the trace
   * @throws IllegalArgumentException if the model's attention does not fit the layout
   */
  public Trace into(Module model, Trace trace) {
    Layout wanted = Layout.of(model, layout.length(), layout.middle());
    if (!wanted.equals(layout)) {
      throw new IllegalArgumentException(
          "prefix tuning: expected " + wanted + " for this model, got " + layout);
    }
    List<PrefixAttention> prefixes = prefixes(1);
    List<MultiHeadAttention> attentions = model.modules(MultiHeadAttention.class);
    for (int layer = 0; layer < attentions.size(); layer++) {
      String path = attentions.get(layer).path();
      String before = path.isEmpty() ? "" : path + ".";
      put(trace, before + "keys", prefixes.get(layer).keys());
      put(trace, before + "values", prefixes.get(layer).values());
    }
    return trace;
  }

  private static void put(Trace trace, String point, Tensor prefix) {
    trace.replace(
        point,
        List.of(prefix),
        own -> Tensor.cat(List.of(prefix.expand(own.size(0), -1, -1, -1), own), 2));
  }

  /**
   * The prefix of each layer, the same for every sequence of a batch.
   *
   * @return one a layer, keys and values {@code [B, H, P, head size]}
   */
  public List<PrefixAttention> prefixes(long batch) {
    return TensorScope.run(() -> {
      Tensor all =
          rows()
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

  /** What the prefix is for. */
  public Layout layout() {
    return layout;
  }

  /**
   * The keys and values of all layers in one row a virtual token, {@code [P, 2 · layers · size]}.
   */
  public Tensor rows() {
    return TensorScope.run(
        () -> reparametrised(table.apply(Tensor.arange(layout.length(), DType.I64))));
  }

  /** {@code [P, size]} to {@code [P, 2 · layers · size]}, unless it is that already. */
  private Tensor reparametrised(Tensor rows) {
    return inner == null || outer == null ? rows : outer.apply(inner.apply(rows).tanh());
  }
}
