package dev.heed.attention.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.position.RelativeShift;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Self-attention over a memory and a segment with relative positions: {@code score(i, j) = ((q_i +
 * u) · k_j + (q_i + v) · W_r r_{i-j}) / √d} (Dai et al. 2019, section 3.3), causal, with the
 * residual and the norm around it.
 */
public final class TransformerXlAttention extends Module {
  private static final double NORM_EPSILON = 1e-5;

  private final Linear qkv;
  private final Linear out;
  private final Linear positions;
  private final LayerNorm norm;
  private final Tensor contentBias;
  private final Tensor positionBias;
  private final Size size;

  /**
   * The sizes.
   *
   * @param model of the hidden states
   * @param heads how many
   * @param head of each head
   * @param normFirst whether the norm stands before the projections (pre-norm) or after the
   *     residual sum
   */
  public record Size(int model, int heads, int head, boolean normFirst) {
    long inner() {
      return (long) heads * head;
    }
  }

  /**
   * With parameters {@code qkv_net.weight}, {@code r_net.weight}, {@code o_net.weight}, {@code
   * layer_norm} below {@code weights}.
   *
   * @param biases where {@code r_w_bias} (u) and {@code r_r_bias} (v), each {@code [H, head size]},
   *     stand: all layers of a model may share them
   */
  public TransformerXlAttention(Weights weights, Weights biases, Size size) {
    super(weights);
    this.size = size;
    this.qkv = Linear.of(weights.child("qkv_net"), size.model(), 3 * size.inner(), false);
    this.positions = Linear.of(weights.child("r_net"), size.model(), size.inner(), false);
    this.out = Linear.of(weights.child("o_net"), size.inner(), size.model(), false);
    this.norm = new LayerNorm(weights.child("layer_norm"), size.model(), NORM_EPSILON);
    Initializer normal = Initializer.normal(0.02);
    this.contentBias = biases.parameter("r_w_bias", normal, size.heads(), size.head());
    this.positionBias = biases.parameter("r_r_bias", normal, size.heads(), size.head());
  }

  /**
   * Sinusoids of the distances {@code length - 1 … 0}: {@code [sin(p·f) | cos(p·f)]}.
   *
   * @param frequencies {@code [size / 2]}
   * @return {@code [length, size]}
   */
  public static Tensor distances(Tensor frequencies, long length) {
    return TensorScope.run(() -> {
      Tensor distance = Tensor.arange(length, frequencies.dtype()).flip(0).unsqueeze(1);
      Tensor angles = distance.mul(frequencies.unsqueeze(0));
      return Tensor.cat(List.of(angles.sin(), angles.cos()), 1);
    });
  }

  /** The frequencies {@code 10000^(-2i / size)}. */
  public static Tensor frequencies(long size, DType dtype) {
    return TensorScope.run(
        () -> Tensor.arange(size / 2, dtype).mul(-2.0 * Math.log(10000) / size).exp());
  }

  /**
   * Attends.
   *
   * @param x the segment, {@code [B, T, model]}
   * @param memory earlier hidden states of this layer's input, {@code [B, M, model]}, M may be 0
   * @param distances as {@link #distances} gives for length {@code M + T}
   * @return output {@code [B, T, model]}, weights {@code [B, H, T, M + T]}
   */
  public AttentionOutput apply(Tensor x, Tensor memory, Tensor distances) {
    return TensorScope.run(() -> {
      Tensor seen = Tensor.cat(List.of(memory, x), 1);
      List<Tensor> parts = qkv.apply(size.normFirst() ? norm.apply(seen) : seen).chunk(3, -1);
      Tensor q = heads(parts.get(0).narrow(1, memory.size(1), x.size(1)));
      Tensor k = heads(parts.get(1));
      Tensor r = heads(positions.apply(distances).unsqueeze(0));
      Tensor byContent = q.add(contentBias.unsqueeze(1)).matmul(k.transpose(-2, -1));
      Tensor byDistance = q.add(positionBias.unsqueeze(1)).matmul(r.transpose(-2, -1));
      Tensor scores = byContent.add(RelativeShift.apply(byDistance)).div(Math.sqrt(size.head()));
      Tensor weights = PrefixAttention.causal(scores).softmax(-1);
      Tensor read = weights.matmul(heads(parts.get(2)));
      Tensor sum = x.add(out.apply(read.transpose(1, 2).flatten(2, 3)));
      return new AttentionOutput(size.normFirst() ? sum : norm.apply(sum), weights);
    });
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private Tensor heads(Tensor x) {
    return x.unflatten(-1, size.heads(), size.head()).transpose(1, 2);
  }
}
