package dev.heed.mixer.statespace;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StatefulMixer;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.nn.GatedRmsNorm;
import dev.heed.nn.GatedRmsNorm.Order;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Mamba 2's mixer: heads of state spaces whose matrix is one number.
 *
 * <p>{@code z, xBC, Δ' = W_in u; x, B, C = act(conv(xBC)); Δ = clamp(softplus(Δ' + b)); h[t] =
 * exp(−Δ exp(A_log)) h[t−1] + Δ B xᵀ; y = C·h + D x; out = W_out norm(y ⊙ silu(z))} with one A, D
 * and Δ a head (Dao and Gu 2024, "Transformers are SSMs", section 7). Computed as a {@link
 * DecayingMemory}: in products of chunks. Parameters are named as in the authors' checkpoints.
 */
public final class Mamba2Block extends Module
    implements UnmaskedMixer, StepwiseMixer, StatefulMixer {
  private final Mamba2Config config;
  private final Mamba2Choices choices;
  private final Linear input;
  private final CausalConvolution convolution;
  private final Tensor stepBias;
  private final Tensor logA;
  private final Tensor skip;
  private final BinaryOperator<Tensor> gated;
  private final Scan scan;
  private final Linear output;

  /** How the memory is written and read: {@link DecayingMemory#apply}, or another way. */
  @FunctionalInterface
  public interface Scan {
    /** As {@link DecayingMemory#apply}. */
    MemoryRead read(Tensor q, Tensor k, Tensor v, Tensor logDecay, @Nullable Tensor memory);
  }

  /**
   * What a part of a sequence gives.
   *
   * @param output {@code [B, L, dModel]}
   * @param state after its last token; its memory is {@code [B, heads, P, N]}
   */
  public record Result(Tensor output, ConvolvedState state) {}

  /** A block of these sizes, as the authors' are. */
  public Mamba2Block(Weights weights, Mamba2Config config) {
    this(weights, config, Mamba2Choices.usual());
  }

  /** A block of these sizes that may differ from the authors'. */
  public Mamba2Block(Weights weights, Mamba2Config config, Mamba2Choices choices) {
    this(weights, config, choices, DecayingMemory::apply);
  }

  /** The same whose memory is computed in another way. */
  public Mamba2Block(Weights weights, Mamba2Config config, Mamba2Choices choices, Scan scan) {
    super(weights);
    this.scan = scan;
    this.config = config;
    this.choices = choices;
    long heads = config.heads();
    long both = config.inner() + config.convolved() + heads;
    input = Linear.of(weights.child("in_proj"), config.dModel(), both, choices.biases());
    convolution =
        new CausalConvolution(
            weights.child("conv1d"), config.convolved(), config.dConv(), choices.convolutionBias());
    stepBias = weights.parameter("dt_bias", StateSpaceInitializers.STEP_BIAS, heads);
    logA =
        weights.parameter(
            "A_log",
            (shape, dtype, generator) -> Tensor.arange(shape.size(0), dtype).add(1).log(),
            heads);
    skip = weights.parameter("D", Initializer.ONES, heads);
    gated = gated(weights.child("norm"), config, choices);
    output =
        Linear.of(weights.child("out_proj"), config.inner(), config.dModel(), choices.outputBias());
  }

  private static BinaryOperator<Tensor> gated(
      Weights weights, Mamba2Config config, Mamba2Choices choices) {
    long size = config.inner();
    double epsilon = choices.epsilon();
    return switch (choices.gating()) {
      case NORM_OF_ALL -> new GatedRmsNorm(weights, size, 1, epsilon, Order.GATE_FIRST)::apply;
      case NORM_OF_GROUPS ->
          new GatedRmsNorm(weights, size, config.groups(), epsilon, Order.GATE_FIRST)::apply;
      case GATED_NORM_OF_GROUPS ->
          new GatedRmsNorm(weights, size, config.groups(), epsilon, Order.NORM_FIRST)::apply;
      case NO_NORM -> (y, z) -> y.mul(z.silu());
    };
  }

  /** The state before the first token of so many sequences. */
  public ConvolvedState start(long batch) {
    return new ConvolvedState(
        convolution.start(batch),
        Tensor.zeros(
            Shape.of(batch, config.heads(), config.headSize(), config.dState()),
            logA.dtype().ofSums()));
  }

  @Override
  public StepwiseForm<ConvolvedState> stepwise() {
    return new Recurrent(this);
  }

  private record Recurrent(Mamba2Block block) implements StepwiseForm<ConvolvedState> {
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

  /** Padding is zeroed before the block and after the convolution, as the makers do. */
  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      if (request.trace().wants(point(EFFECTIVE_MAP))) {
        request.trace().visit(point(EFFECTIVE_MAP), effectiveMap(x));
      }
      Result result =
          apply(x, ConvolvedState.of(request.state(), path(), () -> start(x.size(0))), keep);
      result.state().leave(request.state(), path());
      return result.output();
    });
  }

  private Result apply(Tensor x, ConvolvedState state, @Nullable Tensor keep) {
    return TensorScope.run(() -> {
      Selected selected = select(x, state.window(), keep);
      MemoryRead read =
          scan.read(
              selected.c(),
              selected.b(),
              selected.driven(selected.x()),
              selected.logDecay(),
              state.memory().transpose(-2, -1));
      Tensor skipped = selected.x().mul(skip.view(config.heads(), 1, 1)).to(x.dtype());
      // [B, heads, L, P] -> [B, L, inner]
      Tensor y = read.output().to(x.dtype()).add(skipped).transpose(1, 2).flatten(-2, -1);
      return new Result(
          output.apply(gated.apply(y, selected.gate())),
          new ConvolvedState(selected.window(), read.memory().transpose(-2, -1).contiguous()));
    });
  }

  /**
   * The map that the state space amounts to for this sequence: {@code y[h, i] = Σ_j M[h, i, j] x[h,
   * j]}, where x is what the convolution hands on, without skip and gate. No softmax: entries may
   * be negative (Dao and Gu 2024, section 3.2).
   *
   * @param x {@code [B, L, dModel]}
   * @return {@code [B, heads, L, L]}
   */
  public Tensor effectiveMap(Tensor x) {
    return TensorScope.run(() -> {
      Selected selected = select(x, convolution.start(x.size(0)), null);
      Tensor oneHot = Tensor.eye(x.size(1), x.dtype());
      return DecayingMemory.apply(
              selected.c(), selected.b(), selected.driven(oneHot), selected.logDecay(), null)
          .output();
    });
  }

  /**
   * What the tokens ask of the memory.
   *
   * @param x {@code [B, heads, L, P]}
   * @param b {@code [B, heads, L, N]}
   * @param c {@code [B, heads, L, N]}
   * @param step Δ, {@code [B, heads, L]}
   * @param logDecay {@code Δ A}, {@code [B, heads, L]}
   * @param gate z, {@code [B, L, inner]}
   * @param window of the convolution after them
   */
  private record Selected(
      Tensor x, Tensor b, Tensor c, Tensor step, Tensor logDecay, Tensor gate, Tensor window) {
    Tensor driven(Tensor values) {
      return values.widened().mul(step.unsqueeze(-1));
    }
  }

  private Selected select(Tensor tokens, Tensor window, @Nullable Tensor keep) {
    List<Tensor> parts = projected(kept(tokens, keep));
    CausalConvolution.Result seen = convolution.apply(parts.get(1).transpose(1, 2), window);
    Tensor active = kept(choices.activation().apply(seen.output().transpose(1, 2)), keep);
    long shared = config.groups() * config.dState();
    List<Tensor> mixed = active.split(-1, config.inner(), shared, shared);
    Tensor step =
        parts
            .get(2)
            .widened()
            .add(stepBias.widened())
            .softplus()
            .clamp(choices.shortest(), choices.longest())
            .transpose(1, 2);
    Tensor logDecay = step.mul(logA.widened().exp().neg().unsqueeze(-1));
    return new Selected(
        mixed.get(0).unflatten(-1, config.heads(), config.headSize()).transpose(1, 2),
        perHead(mixed.get(1)),
        perHead(mixed.get(2)),
        step,
        logDecay,
        parts.get(0),
        seen.window());
  }

  /** Gate {@code [B, L, inner]}, what is convolved, and steps {@code [B, L, heads]}. */
  private List<Tensor> projected(Tensor x) {
    long shared = config.groups() * config.dState();
    Tensor all = input.apply(x);
    if (choices.multipliers().isEmpty()) {
      return all.split(-1, config.inner(), config.convolved(), config.heads());
    }
    List<Tensor> scaled = new ArrayList<>();
    List<Tensor> parts =
        all.split(-1, config.inner(), config.inner(), shared, shared, config.heads());
    for (int i = 0; i < parts.size(); i++) {
      scaled.add(parts.get(i).mul(choices.multipliers().get(i)));
    }
    return List.of(scaled.get(0), Tensor.cat(scaled.subList(1, 4), -1), scaled.get(4));
  }

  /** B or C {@code [B, L, groups·N]} for each head, {@code [B, heads, L, N]}. */
  private Tensor perHead(Tensor x) {
    return x.unflatten(-1, config.groups(), config.dState())
        .transpose(1, 2)
        .repeatInterleave(config.heads() / config.groups(), 1);
  }

  private static Tensor kept(Tensor x, @Nullable Tensor keep) {
    return keep == null ? x : x.mul(keep.to(x.dtype()).unsqueeze(-1));
  }
}
