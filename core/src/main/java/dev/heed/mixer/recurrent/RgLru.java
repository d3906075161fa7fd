package dev.heed.mixer.recurrent;

import dev.heed.mixer.statespace.LinearScan;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * The real-gated linear recurrent unit: {@code h[t] = a[t] h[t − 1] + √(1 − a[t]²) (i[t] ⊙ x[t])}
 * with {@code a[t] = exp(−8 r[t] softplus(Λ))} and gates {@code r}, {@code i} from the token by
 * block-diagonal matrices (De et al. 2024, "Griffin", section 2.4).
 *
 * <p>Where a text begins there is no state before, and the input counts whole. Parameters are named
 * as in the published checkpoints.
 */
public final class RgLru extends Module {
  private static final double SHARPNESS = 8;

  /** Below this {@code 1 − a²} is taken for it, so that the root's gradient stays finite. */
  private static final double LEAST = 1e-14;

  private final int blocks;
  private final Tensor inputWeight;
  private final Tensor inputBias;
  private final Tensor decayWeight;
  private final Tensor decayBias;
  private final Tensor decay;

  /**
   * A unit.
   *
   * @param width channels
   * @param blocks of the gates' matrices, a divisor of {@code width}
   */
  public RgLru(Weights weights, long width, int blocks) {
    super(weights);
    this.blocks = blocks;
    long block = width / blocks;
    Initializer usual = Initializer.normal(1 / Math.sqrt(block));
    inputWeight = weights.parameter("input_gate_weight", usual, blocks, block, block);
    inputBias = weights.parameter("input_gate_bias", Initializer.ZEROS, blocks, block);
    decayWeight = weights.parameter("recurrent_gate_weight", usual, blocks, block, block);
    decayBias = weights.parameter("recurrent_gate_bias", Initializer.ZEROS, blocks, block);
    decay = weights.parameter("recurrent_param", Initializer.normal(1), width);
  }

  /**
   * The states of a part of a sequence.
   *
   * @param x {@code [B, width, L]}, L from 1
   * @param restarts truth values {@code [B or 1, L]}, true where a text begins; null for nowhere
   * @param state after the tokens before, {@code [B, width]}, or null at the beginning
   * @return {@code [B, width, L]}
   */
  public Tensor apply(Tensor x, @Nullable Tensor restarts, @Nullable Tensor state) {
    return TensorScope.run(() -> {
      Tensor byBlock = x.unflatten(1, blocks, x.size(1) / blocks); // [B, blocks, block, L]
      Tensor input = gate(byBlock, inputWeight, inputBias);
      Tensor logA =
          gate(byBlock, decayWeight, decayBias).mul(decay.softplus().mul(-SHARPNESS).unsqueeze(-1));
      Tensor a = logA.exp();
      Tensor share = logA.mul(2).exp().neg().add(1).clamp(LEAST, 1).sqrt();
      if (restarts != null) {
        Tensor first = restarts.to(x.dtype()).unsqueeze(1); // [B or 1, 1, L]
        Tensor later = first.neg().add(1);
        a = a.mul(later);
        share = share.mul(later).add(first);
      }
      return LinearScan.apply(a, x.mul(input).mul(share), state);
    });
  }

  /** {@code σ(W x + b)} within each block; back to {@code [B, width, L]}. */
  private static Tensor gate(Tensor byBlock, Tensor weight, Tensor bias) {
    Tensor mapped = weight.transpose(1, 2).matmul(byBlock).add(bias.unsqueeze(-1));
    return mapped.sigmoid().flatten(1, 2);
  }
}
