package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Rotary positions with a decay over distance: queries are multiplied by {@code ζ_i^((t -
 * T/2)/scaleBase)} and keys by its inverse, {@code ζ_i = (2i + 0.4·d) / (1.4·d)} (Sun et al. 2022,
 * "A Length-Extrapolatable Transformer", section 3.1).
 *
 * @param rotary the rotation; its rotated size is d
 * @param scaleBase how many steps a decay by ζ takes, usually 512
 */
public record XPos(RotaryPositions rotary, double scaleBase) {
  private static final double GAMMA = 0.4;

  /** Turned and scaled. */
  public record Encoded(Tensor q, Tensor k) {}

  /**
   * Encodes queries and keys of one sequence.
   *
   * @param q {@code [B, H, T, d]}
   * @param k {@code [B, H, T, d]}
   */
  public Encoded apply(Tensor q, Tensor k) {
    return TensorScope.run(() -> {
      Tensor scale = scale(q.size(-2));
      return new Encoded(
          rotary.apply(q, 0).mul(scale.to(q.dtype())),
          rotary.apply(k, 0).mul(scale.reciprocal().to(k.dtype())));
    });
  }

  private Tensor scale(long length) {
    double size = rotary.rotated();
    Tensor zeta =
        Tensor.arange(rotary.rotated() / 2, DType.F64)
            .mul(2)
            .add(GAMMA * size)
            .div((1 + GAMMA) * size);
    Tensor power =
        Tensor.arange(length, DType.F64).sub(Math.floorDiv(length, 2)).div(scaleBase).unsqueeze(-1);
    return rotary.layout().spread(zeta.pow(power));
  }
}
