package dev.heed.attention.sparse;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention with shared queries and keys, hashed ({@link LshAttention}) or full
 * ({@link SharedQkAttention}) (Kitaev et al. 2020).
 */
public final class LshSelfAttention extends Module {
  private final int heads;
  private final Linear toQk;
  private final Linear toV;
  private final Linear out;

  /** With parameters {@code toqk.weight}, {@code tov.weight} and {@code to_out}. */
  public LshSelfAttention(Weights weights, long size, int heads) {
    super(weights);
    this.heads = heads;
    this.toQk = Linear.of(weights.child("toqk"), size, size, false);
    this.toV = Linear.of(weights.child("tov"), size, size, false);
    this.out = Linear.of(weights.child("to_out"), size, size);
  }

  /**
   * Attends by hashing; the heads share the rotations.
   *
   * @param x {@code [B, T, size]}
   * @param rotations {@code [head size, rounds, buckets / 2]}
   * @param real bool {@code [B, T]}, false at padding; or null
   * @return output {@code [B, T, size]}, weights {@code [B · H, T, T]} if asked for, buckets {@code
   *     [B · H, rounds · T]}
   */
  public LshAttention.Result hashed(
      LshAttention attention,
      Tensor x,
      Tensor rotations,
      @Nullable Tensor real,
      boolean withWeights) {
    return TensorScope.run(() -> {
      Tensor everyHead = real == null ? null : real.repeatInterleave(heads, 0);
      LshAttention.Result result =
          attention.attend(
              split(toQk.apply(x)), split(toV.apply(x)), rotations, everyHead, withWeights);
      return new LshAttention.Result(
          out.apply(joined(result.output())), result.weights(), result.buckets());
    });
  }

  /** Attends to everything: for short sequences, and to compare with. */
  public Tensor full(Tensor x, boolean causal) {
    return TensorScope.run(() -> {
      Tensor read =
          SharedQkAttention.apply(split(toQk.apply(x)), split(toV.apply(x)), causal).output();
      return out.apply(joined(read));
    });
  }

  int heads() {
    return heads;
  }

  long headSize() {
    return toQk.weight().size(0) / heads;
  }

  /** {@code [B, T, H·D]} to {@code [B·H, T, D]}. */
  private Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2).flatten(0, 1);
  }

  private Tensor joined(Tensor x) {
    return x.unflatten(0, x.size(0) / heads, heads).transpose(1, 2).flatten(2, 3);
  }
}
