package dev.heed.attention.additive;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Additive attention: {@code score(q, h) = v · tanh(W q + U h)}, {@code context = softmax(score) ·
 * h}.
 *
 * <p>Source: Bahdanau, Cho, Bengio, "Neural machine translation by jointly learning to align and
 * translate", 2015, section 3.1 and appendix A.1.2. Parameters: {@code query_layer.weight} W,
 * {@code key_layer.weight} U, {@code energy_layer.weight} v.
 */
public final class BahdanauAttention extends Module {
  private final AlignmentScore score;

  /**
   * Builds the three maps.
   *
   * @param hidden the size in which query and key are compared
   */
  public BahdanauAttention(Weights weights, long querySize, long keySize, long hidden) {
    super(weights);
    Weights energy = weights.child("energy_layer");
    this.score =
        AlignmentScore.additive(
            Linear.of(weights.child("query_layer"), querySize, hidden, false),
            Linear.of(weights.child("key_layer"), keySize, hidden, false),
            energy.parameter("weight", Initializer.uniform(1 / Math.sqrt(hidden)), 1, hidden));
  }

  /**
   * Reads a source.
   *
   * @param query {@code [B, Tq, query size]}
   * @param values keys and values in one, {@code [B, S, key size]}
   * @param allowed {@code [B, 1, S]} or {@code [B, Tq, S]}, or null for all
   */
  public Alignment apply(Tensor query, Tensor values, @Nullable Tensor allowed) {
    return TensorScope.run(() -> over(values, allowed).apply(query));
  }

  /** Prepares a source once for many queries; see {@link #apply}. */
  public Function<Tensor, Alignment> over(Tensor values, @Nullable Tensor allowed) {
    UnaryOperator<Tensor> scores = score.over(values);
    Tensor known = Alignment.known(values, allowed);
    return query -> Alignment.of(Alignment.softmax(scores.apply(query), allowed), known);
  }
}
