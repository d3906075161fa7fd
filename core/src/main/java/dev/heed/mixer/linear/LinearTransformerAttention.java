package dev.heed.mixer.linear;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention of the Linear Transformer: projections into heads, {@link LinearAttention}, a
 * projection back.
 *
 * <p>Source: Katharopoulos et al. 2020. Parameters are named as in the authors' code: {@code
 * query_projection}, {@code key_projection}, {@code value_projection}, {@code out_projection}, each
 * with a bias.
 */
public final class LinearTransformerAttention extends Module implements StepwiseMixer {
  private final LinearHeads heads;

  /**
   * Builds the projections.
   *
   * @param heads a divisor of the size
   */
  public LinearTransformerAttention(Weights weights, long size, long heads, boolean causal) {
    super(weights);
    this.heads =
        new LinearHeads(
            Linear.of(weights.child("query_projection"), size, size),
            Linear.of(weights.child("key_projection"), size, size),
            Linear.of(weights.child("value_projection"), size, size),
            Linear.of(weights.child("out_projection"), size, size),
            HeadSplit.of(size, heads),
            LinearAttention.transformer(causal));
  }

  /**
   * Mixes a sequence.
   *
   * @param x {@code [B, T, size]}
   * @param allowed which places there are, {@code [B, T]}, or null for all
   */
  public Tensor apply(Tensor x, @Nullable Tensor allowed) {
    return heads.apply(x, allowed);
  }

  /** Honours padding; see {@link dev.heed.attention.RequestLimits#check} for what it refuses. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return heads.apply(x, request, "Linear Transformer");
  }

  /** The attention map that the features amount to, {@code [B, H, T, T]}. */
  public Tensor weights(Tensor x) {
    return heads.weights(x);
  }

  @Override
  public StepwiseForm<LinearAttention.State> stepwise() {
    return heads.stepwise("Linear Transformer");
  }
}
