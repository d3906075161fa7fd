package dev.heed.attention.linear;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention of the Linear Transformer: projections into heads, {@link LinearAttention}, a
 * projection back.
 *
 * <p>Source: Katharopoulos et al. 2020. Parameters are named as in the authors' code: {@code
 * query_projection}, {@code key_projection}, {@code value_projection}, {@code out_projection}, each
 * with a bias.
 */
public final class LinearTransformerAttention extends Module {
  /**
   * What one step gives.
   *
   * @param output {@code [B, 1, size]}
   * @param state what to hand to the next step
   */
  public record Step(Tensor output, LinearAttention.State state) {}

  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final HeadSplit heads;
  private final LinearAttention attention;

  /**
   * Builds the projections.
   *
   * @param heads a divisor of the size
   */
  public LinearTransformerAttention(Weights weights, long size, long heads, boolean causal) {
    super(weights);
    this.query = Linear.of(weights.child("query_projection"), size, size);
    this.key = Linear.of(weights.child("key_projection"), size, size);
    this.value = Linear.of(weights.child("value_projection"), size, size);
    this.out = Linear.of(weights.child("out_projection"), size, size);
    this.heads = HeadSplit.of(size, heads);
    this.attention = LinearAttention.transformer(causal);
  }

  /**
   * Mixes a sequence.
   *
   * @param x {@code [B, T, size]}
   * @param allowed which places there are, {@code [B, T]}, or null for all
   */
  public Tensor apply(Tensor x, @Nullable Tensor allowed) {
    return TensorScope.run(() -> {
      Tensor places = allowed == null ? null : allowed.unsqueeze(1).unsqueeze(3);
      Tensor mixed =
          attention.apply(
              heads.split(query.apply(x)),
              heads.split(key.apply(x)),
              heads.split(value.apply(x)),
              places);
      return out.apply(heads.merge(mixed));
    });
  }

  /**
   * Takes one more token of a causal sequence, at constant cost.
   *
   * @param x {@code [B, 1, size]}
   * @param state of the step before, or null at the first
   */
  public Step step(Tensor x, LinearAttention.@Nullable State state) {
    return TensorScope.run(() -> {
      Tensor k = heads.split(key.apply(x));
      Tensor v = heads.split(value.apply(x));
      LinearAttention.State before = state == null ? attention.start(k, v) : state;
      LinearAttention.Step step = attention.step(heads.split(query.apply(x)), k, v, before);
      return new Step(out.apply(heads.merge(step.output())), step.state());
    });
  }
}
