package dev.heed.mixer.statespace;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StatefulMixer;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.nn.Activation;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mamba's mixer: a short causal convolution and a selective state space, gated.
 *
 * <p>{@code x, z = W_in u; x = silu(conv(x)); Δ', B, C = W_x x; Δ = softplus(W_Δ Δ' + b); y = W_out
 * scan(x, Δ, −exp(A_log), B, C, D, z)} (Gu and Dao 2023, section 3.4). Parameters are named as in
 * the authors' checkpoints below {@code mixer}.
 */
public final class MambaBlock extends Module
    implements UnmaskedMixer, StepwiseMixer, StatefulMixer {
  private final MambaConfig config;
  private final Activation activation;
  private final Linear input;
  private final Linear selection;
  private final Linear step;
  private final Linear output;
  private final CausalConvolution convolution;
  private final List<Norm> norms;
  private final Tensor logA;
  private final Tensor skip;

  /**
   * What a part of a sequence gives.
   *
   * @param output {@code [B, L, dModel]}
   * @param state after its last token
   */
  public record Result(Tensor output, ConvolvedState state) {}

  /**
   * What published blocks may do otherwise than the authors' own.
   *
   * @param biases whether the maps into and out of the block have biases
   * @param convolutionBias whether the convolution has one
   * @param activation after the convolution, and of the gate
   * @param normEpsilon of norms of Δ', B and C (Jamba), or null for none
   */
  public record Choices(
      boolean biases,
      boolean convolutionBias,
      Activation activation,
      @Nullable Double normEpsilon) {
    /** The authors'. */
    public static final Choices USUAL = new Choices(false, true, Activation.SILU, null);
  }

  /** A block of these sizes. */
  public MambaBlock(Weights weights, MambaConfig config) {
    this(weights, config, Choices.USUAL);
  }

  /** A block of these sizes that may differ from the authors'. */
  public MambaBlock(Weights weights, MambaConfig config, Choices choices) {
    super(weights);
    this.config = config;
    activation = choices.activation();
    long inner = config.inner();
    input = Linear.of(weights.child("in_proj"), config.dModel(), 2 * inner, choices.biases());
    convolution =
        new CausalConvolution(
            weights.child("conv1d"), inner, config.dConv(), choices.convolutionBias());
    selection =
        Linear.of(weights.child("x_proj"), inner, config.dtRank() + 2 * config.dState(), false);
    Double epsilon = choices.normEpsilon();
    norms =
        epsilon == null
            ? List.of(Norm.NONE, Norm.NONE, Norm.NONE)
            : List.of(
                new RmsNorm(weights.child("dt_layernorm"), config.dtRank(), epsilon),
                new RmsNorm(weights.child("b_layernorm"), config.dState(), epsilon),
                new RmsNorm(weights.child("c_layernorm"), config.dState(), epsilon));
    weights.child("dt_proj").parameter("bias", StateSpaceInitializers.STEP_BIAS, inner);
    step = Linear.of(weights.child("dt_proj"), config.dtRank(), inner);
    logA = weights.parameter("A_log", MambaBlock::realS4d, inner, config.dState());
    skip = weights.parameter("D", Initializer.ONES, inner);
    output = Linear.of(weights.child("out_proj"), inner, config.dModel(), choices.biases());
  }

  /** S4D-Real: {@code A = −(1, …, N)} (section 3.6). */
  private static Tensor realS4d(Shape shape, DType dtype, dev.heed.tensor.Generator generator) {
    return Tensor.arange(shape.size(-1), dtype).add(1).log().expand(shape.toArray());
  }

  /** The state before the first token of so many sequences. */
  public ConvolvedState start(long batch) {
    DType dtype = logA.dtype();
    return new ConvolvedState(
        convolution.start(batch),
        Tensor.zeros(Shape.of(batch, config.inner(), config.dState()), dtype));
  }

  @Override
  public StepwiseForm<ConvolvedState> stepwise() {
    return new Recurrent(this);
  }

  private record Recurrent(MambaBlock block) implements StepwiseForm<ConvolvedState> {
    @Override
    public ConvolvedState start(long batch) {
      return block.start(batch);
    }

    @Override
    public Step<ConvolvedState> step(Tensor x, ConvolvedState state) {
      return TensorScope.run(() -> {
        Result next = block.apply(x.unsqueeze(1), state);
        return new Step<>(next.output().squeeze(1), next.state());
      });
    }
  }

  /** Mixes whole sequences {@code [B, L, dModel]}, all tokens at once. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> apply(x, start(x.size(0))).output());
  }

  /**
   * Goes on where earlier tokens ended: with one token a step of the recurrent form.
   *
   * @param x {@code [B, L, dModel]}, L from 1
   * @param state from {@link #start} or the part before
   */
  public Result apply(Tensor x, ConvolvedState state) {
    return apply(x, state, null);
  }

  private Result apply(Tensor x, ConvolvedState state, @Nullable Tensor keep) {
    return TensorScope.run(() -> {
      Selected selected = select(x, state, keep);
      SelectiveScan.Result scanned = scan(selected, selected.u(), state.memory());
      Tensor mixed = output.apply(scanned.output().transpose(1, 2));
      return new Result(mixed, new ConvolvedState(selected.window(), scanned.state()));
    });
  }

  /** Padding is zeroed before and after the convolution, as the checkpoints' makers do. */
  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      ConvolvedState before = ConvolvedState.of(request.state(), path(), () -> start(x.size(0)));
      Result result = apply(x, before, keep);
      result.state().leave(request.state(), path());
      return result.output();
    });
  }

  /**
   * The map that the scan amounts to for this sequence: {@code y[d, i] = Σ_j M[d, i, j] u[d, j]},
   * where u is what the convolution hands to the scan, gate and skip included. No softmax: entries
   * may be negative (Ali, Zimerman and Wolf 2024, "The Hidden Attention of Mamba Models"). Takes
   * O(L²).
   *
   * @param x {@code [B, L, dModel]}
   * @return {@code [B, inner, L, L]}
   */
  public Tensor hiddenAttention(Tensor x) {
    return TensorScope.run(() -> {
      Selected selected = select(x, start(x.size(0)), null);
      List<Tensor> columns = new ArrayList<>();
      for (long step = 0; step < x.size(1); step++) {
        Tensor impulse = Tensor.eye(x.size(1), x.dtype()).select(0, step);
        Tensor inputs = impulse.expand(selected.u().shape().toArray()).contiguous();
        columns.add(scan(selected, inputs, start(x.size(0)).memory()).output());
      }
      return Tensor.stack(columns, -1);
    });
  }

  /** What the tokens ask of the scan, and the convolution's next window. */
  private record Selected(Tensor u, Tensor step, Tensor b, Tensor c, Tensor gate, Tensor window) {}

  private Selected select(Tensor x, ConvolvedState state, @Nullable Tensor keep) {
    List<Tensor> halves = input.apply(x).transpose(1, 2).chunk(2, 1); // [B, inner, L]
    CausalConvolution.Result seen = convolution.apply(kept(halves.get(0), keep), state.window());
    Tensor u = kept(activation.apply(seen.output()), keep);
    List<Tensor> parts =
        selection
            .apply(u.transpose(1, 2))
            .split(-1, config.dtRank(), config.dState(), config.dState());
    return new Selected(
        u,
        step.apply(norms.get(0).apply(parts.get(0))).transpose(1, 2),
        norms.get(1).apply(parts.get(1)).transpose(1, 2),
        norms.get(2).apply(parts.get(2)).transpose(1, 2),
        halves.get(1),
        seen.window());
  }

  private static Tensor kept(Tensor channels, @Nullable Tensor keep) {
    return keep == null ? channels : channels.mul(keep.to(channels.dtype()).unsqueeze(1));
  }

  private SelectiveScan.Result scan(Selected selected, Tensor u, Tensor state) {
    SelectiveScan.Result scanned =
        new SelectiveScan(logA.exp().neg(), skip, null, true)
            .apply(u, selected.step(), selected.b(), selected.c(), null, state);
    return new SelectiveScan.Result(
        scanned.output().mul(activation.apply(selected.gate())), scanned.state());
  }
}
