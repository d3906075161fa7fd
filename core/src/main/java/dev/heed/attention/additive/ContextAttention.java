package dev.heed.attention.additive;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Sums up a sequence by asking it one learned question: {@code u_t = tanh(W h_t + b)}, {@code α =
 * softmax(u_t · c)}, {@code s = Σ α_t h_t} (Yang et al. 2016, section 2.2, equations 5 to 7).
 */
public final class ContextAttention extends Module {
  /**
   * What a sequence amounts to.
   *
   * @param output {@code [B, size]}; zeros of a sequence without tokens
   * @param weights {@code [B, T]}; they sum to one, or are zeros of a sequence without tokens
   */
  public record Summary(Tensor output, Tensor weights) {}

  private final Linear map;
  private final Tensor context;

  /**
   * With parameters {@code map} W, b and {@code context [hidden]}, c.
   *
   * @param size of the tokens' vectors
   * @param hidden the size in which they meet the question
   */
  public ContextAttention(Weights weights, long size, long hidden) {
    super(weights);
    this.map = Linear.of(weights.child("map"), size, hidden);
    this.context = weights.parameter("context", Initializer.uniform(1 / Math.sqrt(hidden)), hidden);
  }

  /**
   * Sums up.
   *
   * @param h {@code [B, T, size]}
   * @param there bool {@code [B, T]}, false at padding; or null
   */
  public Summary apply(Tensor h, @Nullable Tensor there) {
    return TensorScope.run(() -> {
      Tensor scores = map.apply(h).tanh().matmul(context); // [B, T]
      Tensor weights = Alignment.softmax(scores, there);
      Tensor known = Alignment.known(h, there == null ? null : there.unsqueeze(1));
      return new Summary(weights.unsqueeze(1).matmul(known).squeeze(1), weights);
    });
  }
}
