package dev.heed.attention.statespace;

import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Mamba's mixer: a short causal convolution and a selective state space, gated.
 *
 * <p>{@code x, z = W_in u; x = silu(conv(x)); Δ', B, C = W_x x; Δ = softplus(W_Δ Δ' + b); y = W_out
 * scan(x, Δ, −exp(A_log), B, C, D, z)} (Gu and Dao 2023, section 3.4). Parameters are named as in
 * the authors' checkpoints below {@code mixer}.
 */
public final class MambaBlock extends Module implements UnmaskedMixer, StepwiseMixer {
  private final MambaConfig config;
  private final Linear input;
  private final Linear selection;
  private final Linear step;
  private final Linear output;
  private final Tensor convolution;
  private final Tensor convolutionBias;
  private final Tensor logA;
  private final Tensor skip;

  /** What the tokens so far leave to the next ones: a constant size. */
  public record State(Tensor window, Tensor scan) {}

  /**
   * What a part of a sequence gives.
   *
   * @param output {@code [B, L, dModel]}
   * @param state after its last token
   */
  public record Result(Tensor output, State state) {}

  /** A block of these sizes. */
  public MambaBlock(Weights weights, MambaConfig config) {
    super(weights);
    this.config = config;
    long inner = config.inner();
    input = Linear.of(weights.child("in_proj"), config.dModel(), 2 * inner, false);
    Weights conv = weights.child("conv1d");
    Initializer taps = Initializer.uniform(1 / Math.sqrt(config.dConv()));
    convolution = conv.parameter("weight", taps, inner, 1, config.dConv());
    convolutionBias = conv.parameter("bias", taps, inner);
    selection =
        Linear.of(weights.child("x_proj"), inner, config.dtRank() + 2 * config.dState(), false);
    weights.child("dt_proj").parameter("bias", MambaBlock::stepBias, inner);
    step = Linear.of(weights.child("dt_proj"), config.dtRank(), inner);
    logA = weights.parameter("A_log", MambaBlock::realS4d, inner, config.dState());
    skip = weights.parameter("D", Initializer.ONES, inner);
    output = Linear.of(weights.child("out_proj"), inner, config.dModel(), false);
  }

  /** S4D-Real: {@code A = −(1, …, N)} (section 3.6). */
  private static Tensor realS4d(Shape shape, DType dtype, dev.heed.tensor.Generator generator) {
    return Tensor.arange(shape.size(-1), dtype).add(1).log().expand(shape.toArray());
  }

  /** The bias whose softplus is uniform in the logarithm between 0.001 and 0.1 (section 3.6). */
  private static Tensor stepBias(Shape shape, DType dtype, dev.heed.tensor.Generator generator) {
    Tensor dt = StateSpaceInitializers.LOG_STEP.make(shape, dtype, generator).exp();
    return dt.add(dt.neg().exp().neg().add(1).log());
  }

  /** The state before the first token of so many sequences. */
  public State start(long batch) {
    DType dtype = logA.dtype();
    return new State(
        Tensor.zeros(Shape.of(batch, config.inner(), config.dConv() - 1), dtype),
        Tensor.zeros(Shape.of(batch, config.inner(), config.dState()), dtype));
  }

  @Override
  public StepwiseForm<State> stepwise() {
    return new Recurrent(this);
  }

  private record Recurrent(MambaBlock block) implements StepwiseForm<State> {
    @Override
    public State start(long batch) {
      return block.start(batch);
    }

    @Override
    public Step<State> step(Tensor x, State state) {
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
  public Result apply(Tensor x, State state) {
    return TensorScope.run(() -> {
      Selected selected = select(x, state);
      SelectiveScan.Result scanned = scan(selected, selected.u(), state.scan());
      long taps = config.dConv() - 1;
      Tensor seen = selected.seen();
      Tensor window = seen.narrow(-1, seen.size(-1) - taps, taps).copy();
      Tensor mixed = output.apply(scanned.output().transpose(1, 2));
      return new Result(mixed, new State(window, scanned.state()));
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
      Selected selected = select(x, start(x.size(0)));
      List<Tensor> columns = new ArrayList<>();
      for (long step = 0; step < x.size(1); step++) {
        Tensor impulse = Tensor.eye(x.size(1), x.dtype()).select(0, step);
        Tensor inputs = impulse.expand(selected.u().shape().toArray()).contiguous();
        columns.add(scan(selected, inputs, start(x.size(0)).scan()).output());
      }
      return Tensor.stack(columns, -1);
    });
  }

  /** What the tokens ask of the scan, and the convolution's input for the next state. */
  private record Selected(Tensor u, Tensor step, Tensor b, Tensor c, Tensor gate, Tensor seen) {}

  private Selected select(Tensor x, State state) {
    List<Tensor> halves = input.apply(x).transpose(1, 2).chunk(2, 1); // [B, inner, L]
    Tensor seen = Tensor.cat(List.of(state.window(), halves.get(0)), -1);
    Geometry depthwise = new Geometry(1, 0, 1, config.inner());
    Tensor u = Convolution.conv1d(seen, convolution, convolutionBias, depthwise).silu();
    List<Tensor> parts =
        selection
            .apply(u.transpose(1, 2))
            .split(-1, config.dtRank(), config.dState(), config.dState());
    return new Selected(
        u,
        step.apply(parts.get(0)).transpose(1, 2),
        parts.get(1).transpose(1, 2),
        parts.get(2).transpose(1, 2),
        halves.get(1),
        seen);
  }

  private SelectiveScan.Result scan(Selected selected, Tensor u, Tensor state) {
    return new SelectiveScan(logA.exp().neg(), skip, null, true)
        .apply(u, selected.step(), selected.b(), selected.c(), selected.gate(), state);
  }
}
