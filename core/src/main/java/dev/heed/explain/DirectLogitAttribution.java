package dev.heed.explain;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Direct logit attribution: what each part of the residual stream adds to a logit (Elhage et al., A
 * Mathematical Framework for Transformer Circuits, 2021).
 *
 * <p>The last norm is a linear map once its standard deviation is held at what it is: a part v adds
 * {@code Σ γ (v - mean v) / sd · w}, w the output map's row of the token. The norm's bias adds
 * {@code β · w}. Together they are the logit.
 *
 * @param parts by name, what each adds to the logit, with the sizes of the parts but for the last
 * @param constant what the norm's bias adds, {@code [batch]}
 * @param total the logit {@code [batch]}
 */
public record DirectLogitAttribution(
    SequencedMap<String, Tensor> parts, Tensor constant, Tensor total) {

  /**
   * The norm before the output map: {@code γ (x - mean x) / sqrt(variance + ε) + β}.
   *
   * @param weight γ {@code [size]}
   * @param bias β {@code [size]}
   */
  public record LastNorm(Tensor weight, Tensor bias, double epsilon) {}

  /**
   * Attributes one logit, or a difference of two, at one position.
   *
   * @param stream the residual stream after the last layer {@code [batch, size]}, the sum of the
   *     parts
   * @param parts by name, {@code [batch, …, size]}, for example a head's output in each layer
   * @param row of the output map {@code [batch, size]}: the token's, or the difference of two
   *     tokens'
   */
  public static DirectLogitAttribution of(
      Tensor stream, Map<String, Tensor> parts, LastNorm norm, Tensor row) {
    return TensorScope.run(() -> {
      Tensor centred = stream.sub(stream.mean(-1, true));
      Tensor scale = centred.square().mean(-1, true).add(norm.epsilon).rsqrt(); // [batch, 1]
      // centring is symmetric, so it may be done to γ · w instead of every part
      Tensor direction = norm.weight.mul(row);
      Tensor read = direction.sub(direction.mean(-1, true)).mul(scale); // [batch, size]
      SequencedMap<String, Tensor> added = new LinkedHashMap<>();
      parts.forEach((name, part) -> {
        long[] sizes = new long[part.rank()];
        Arrays.fill(sizes, 1);
        sizes[0] = part.size(0);
        sizes[sizes.length - 1] = part.size(-1);
        added.put(name, part.mul(read.reshape(sizes)).sum(-1, false));
      });
      Tensor constant = norm.bias.mul(row).sum(-1, false);
      return new DirectLogitAttribution(
          added, constant, stream.mul(read).sum(-1, false).add(constant));
    });
  }

  /**
   * What each head of a layer puts into the stream.
   *
   * @param z the heads' outputs {@code [batch, heads, size of a head]} at one position
   * @param projection the output projection {@code [size, heads · size of a head]}
   * @return {@code [batch, heads, size]}, without the projection's bias
   */
  public static Tensor heads(Tensor z, Tensor projection) {
    return TensorScope.run(
        () -> Tensor.einsum("shd,bhd->bhs", projection.unflatten(1, z.size(1), z.size(2)), z));
  }
}
