package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * ALTI: how much of each token each layer puts into each other one, by how near what it gives comes
 * to the result (Ferrando, Gállego and Costa-jussà, Measuring the Mixing of Contextual Information
 * in the Transformer, EMNLP 2022, section 3). For layers that normalise after the residual sum.
 *
 * <p>The attention block's result is a sum over tokens, {@code y_i = Σ_j T_i(x_j) + biases}, with
 * {@code T_i(x_j) = γ · centred(Σ_h A^h_ij W_O^h v^h_j + [i = j] x_i) / sd_i}. Token j contributes
 * {@code max(0, |y_i|₁ - |y_i - T_i(x_j)|₁)}, as a share of its row.
 *
 * @param pattern attention weights {@code [batch, heads, tokens, tokens]}
 * @param values {@code [batch, heads, tokens, head size]}, with their bias
 * @param input what the layer reads, {@code [batch, tokens, size]}
 * @param projection W_O {@code [size, heads · head size]}
 * @param projectionBias {@code [size]}
 * @param normWeight γ {@code [size]}
 * @param normBias β {@code [size]}
 * @param epsilon added to the variance
 */
public record AltiLayer(
    Tensor pattern,
    Tensor values,
    Tensor input,
    Tensor projection,
    Tensor projectionBias,
    Tensor normWeight,
    Tensor normBias,
    double epsilon) {

  /** What each token takes from each: {@code [batch, tokens, tokens]}, rows that sum to one. */
  public Tensor contributions() {
    return TensorScope.run(() -> {
      long heads = values.size(1);
      // [size, heads, head size] by [batch, heads, tokens, head size] to [batch, heads, tokens,
      // size]
      Tensor perHead = projection.unflatten(1, heads, values.size(3));
      Tensor projected = Tensor.einsum("shd,bhjd->bhjs", perHead, values);
      Tensor parts = Tensor.einsum("bhij,bhjs->bijs", pattern, projected);
      Tensor own = Tensor.eye(input.size(1), input.dtype()).unsqueeze(-1).mul(input.unsqueeze(1));
      parts = parts.add(own);
      Tensor before = parts.sum(2, false).add(projectionBias); // [batch, tokens, size]
      Tensor centred = before.sub(before.mean(-1, true));
      Tensor scale = centred.square().mean(-1, true).add(epsilon).rsqrt();
      Tensor result = centred.mul(scale).mul(normWeight).add(normBias).unsqueeze(2);
      Tensor transformed = parts.sub(parts.mean(-1, true)).mul(scale.unsqueeze(2)).mul(normWeight);
      Tensor near =
          result.abs().sum(-1, false).sub(result.sub(transformed).abs().sum(-1, false)).relu();
      return near.div(near.sum(-1, true));
    });
  }

  /** The contributions of all layers, {@code [layers, batch, tokens, tokens]}. */
  public static Tensor contributions(List<AltiLayer> layers) {
    return TensorScope.run(
        () -> Tensor.stack(layers.stream().map(AltiLayer::contributions).toList(), 0));
  }

  /** What each token after each layer takes from the inputs: {@code C_l · … · C_0}. */
  public static Tensor rollout(Tensor contributions) {
    return TensorScope.run(() -> AttentionRollout.product(contributions));
  }
}
