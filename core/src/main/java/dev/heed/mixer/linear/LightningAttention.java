package dev.heed.mixer.linear;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.StatefulMixer;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.mixer.statespace.DecayingMemory;
import dev.heed.mixer.statespace.MemoryRead;
import dev.heed.nn.Activation;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linear attention whose memory fades at a fixed rate a head, computed in blocks.
 *
 * <p>{@code q, k, v = act(W_qkv x); S[t] = exp(−sₕ) S[t−1] + k[t] v[t]ᵀ; o[t] = S[t]ᵀ q[t]; y =
 * W_out (rms(o) ⊙ σ(W_g x))} (Qin et al. 2024, "Lightning Attention-2", algorithm 1; "Various
 * Lengths, Constant Speed", section 3.1, the gate and the norm). There is no denominator, and no
 * softmax. Parameters are named as in MiniMax's checkpoints below {@code self_attn}; the rates
 * {@code slope_rate} are stored beside them and not learnt.
 */
public final class LightningAttention extends Module
    implements UnmaskedMixer, StepwiseMixer, StatefulMixer {
  private static final double NORM_EPSILON = 1e-6;
  private static final String MEMORY = ".recurrent_state";

  private final int heads;
  private final long headSize;
  private final Activation activation;
  private final Linear projections;
  private final Linear gate;
  private final Linear output;
  private final RmsNorm norm;
  private final Tensor slopes;

  /**
   * How fast each head forgets.
   *
   * @param layer from 0; later layers forget more slowly
   * @param layers how many there are, from 1
   */
  public record Depth(int layer, int layers) {
    private static final double SMALL = 1e-5;
    private static final double OCTAVES = 8;

    /**
     * {@code sₕ = 2^(−8 (h + 1) / H) · (1 − layer / (layers − 1))}, the last factor a little above
     * zero: ALiBi's slopes, fading with depth.
     *
     * @param heads H
     */
    double[] slopes(int heads) {
      double share = 1 - layer / (layers - 1 + SMALL) + SMALL;
      double[] slopes = new double[heads];
      for (int head = 0; head < heads; head++) {
        slopes[head] = Math.pow(2, -OCTAVES * (head + 1) / heads) * share;
      }
      return slopes;
    }
  }

  /**
   * A mixer.
   *
   * @param size of a token's vector
   * @param headSize of queries, keys and values
   * @param activation of all three
   */
  public LightningAttention(
      Weights weights, long size, int heads, long headSize, Activation activation, Depth depth) {
    super(weights);
    this.heads = heads;
    this.headSize = headSize;
    this.activation = activation;
    long inner = heads * headSize;
    projections = Linear.of(weights.child("qkv_proj"), size, 3 * inner, false);
    gate = Linear.of(weights.child("output_gate"), size, inner, false);
    output = Linear.of(weights.child("out_proj"), inner, size, false);
    norm = new RmsNorm(weights.child("norm"), inner, NORM_EPSILON);
    Initializer usual =
        (shape, dtype, generator) -> Tensor.of(depth.slopes(heads), shape.toArray()).to(dtype);
    slopes = weights.buffer("slope_rate", usual, heads, 1, 1);
  }

  /** The memory before the first token of so many sequences, {@code [B, H, D, D]}. */
  public Tensor start(long batch) {
    DType dtype = slopes.dtype().ofSums();
    return Tensor.zeros(Shape.of(batch, heads, headSize, headSize), dtype);
  }

  @Override
  public StepwiseForm<Tensor> stepwise() {
    return new Recurrent(this);
  }

  private record Recurrent(LightningAttention mixer) implements StepwiseForm<Tensor> {
    @Override
    public Tensor start(long batch) {
      return mixer.start(batch);
    }

    @Override
    public Step<Tensor> step(Tensor x, Tensor state) {
      return TensorScope.run(() -> {
        Result next = mixer.goOn(x.unsqueeze(1), state, null);
        return new Step<>(next.output().squeeze(1), next.memory());
      });
    }
  }

  /** What a part of a sequence gives, and the memory after it. */
  private record Result(Tensor output, Tensor memory) {}

  /** Mixes whole sequences {@code [B, T, size]}, all tokens at once. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> goOn(x, start(x.size(0)), null).output());
  }

  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return mix(x, keep, request).output();
  }

  /** Where weights are wanted, the memory stands in their place, as in the reference. */
  @Override
  public AttentionOutput mix(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      if (request.trace().wants(point(EFFECTIVE_MAP))) {
        request.trace().visit(point(EFFECTIVE_MAP), effectiveMap(x));
      }
      DecodeState state = request.state();
      Tensor written = state == null ? null : state.get(path() + MEMORY);
      Result result = goOn(x, written == null ? start(x.size(0)) : written, keep);
      if (state != null) {
        state.replace(path() + MEMORY, result.memory());
      }
      return new AttentionOutput(result.output(), request.weights() ? result.memory() : null);
    });
  }

  /** Padding is zeroed in queries, keys and values. */
  private Result goOn(Tensor x, Tensor memory, @Nullable Tensor keep) {
    return TensorScope.run(() -> {
      List<Tensor> parts = heads(x, keep);
      MemoryRead read =
          DecayingMemory.apply(parts.get(0), parts.get(1), parts.get(2), logDecay(x), memory);
      // [B, H, T, D] -> [B, T, H·D]
      Tensor together = read.output().transpose(1, 2).flatten(2, 3);
      Tensor gated = norm.apply(together).mul(gate.apply(x, Activation.SIGMOID));
      return new Result(output.apply(gated), read.memory());
    });
  }

  /** Queries, keys and values {@code [B, H, T, D]}. */
  private List<Tensor> heads(Tensor x, @Nullable Tensor keep) {
    Tensor all = projections.apply(x, activation);
    Tensor kept = keep == null ? all : all.mul(keep.to(all.dtype()).unsqueeze(-1));
    return kept.unflatten(-1, heads, 3 * headSize).transpose(1, 2).chunk(3, -1);
  }

  private Tensor logDecay(Tensor x) {
    return slopes.view(1, heads, 1).neg().expand(x.size(0), heads, x.size(1));
  }

  /**
   * The map that reading and writing amount to for these tokens: {@code M[h, i, j] = (q[i]·k[j])
   * exp(−sₕ (i − j))}. No softmax: entries may be negative.
   *
   * @param x {@code [B, T, size]}
   * @return {@code [B, H, T, T]}
   */
  public Tensor effectiveMap(Tensor x) {
    return TensorScope.run(() -> {
      List<Tensor> parts = heads(x, null);
      Tensor oneHot =
          Tensor.eye(x.size(1), x.dtype()).expand(x.size(0), heads, x.size(1), x.size(1));
      return DecayingMemory.apply(parts.get(0), parts.get(1), oneHot, logDecay(x), null).output();
    });
  }
}
