package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Positions that skip padding, as fairseq and RoBERTa count them. */
public final class TokenPositions {
  private TokenPositions() {}

  /**
   * {@code padding + 1, padding + 2, …} along each row's tokens; padding tokens get {@code
   * padding}.
   *
   * @param tokens i64 {@code [B, T]}
   * @param padding the id of the padding token
   * @return i64 {@code [B, T]}
   */
  public static Tensor of(Tensor tokens, long padding) {
    return TensorScope.run(() -> {
      Tensor real = tokens.ne(padding).to(DType.I64);
      return real.cumsum(1).mul(real).add(padding);
    });
  }
}
