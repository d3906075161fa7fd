package dev.heed.mixer.linear;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StatefulMixer;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.mixer.statespace.CausalConvolution;
import dev.heed.mixer.statespace.ConvolvedState;
import dev.heed.mixer.statespace.MemoryRead;
import dev.heed.nn.GatedRmsNorm;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A mixer around the {@link GatedDeltaRule}: a short causal convolution of queries, keys and
 * values, queries and keys of length one, a norm of each head's result, a gate.
 *
 * <p>{@code q, k, v = act(conv(W_qkv x)); q = q / ‖q‖ / √Dk, k = k / ‖k‖; log α = −exp(A_log)
 * softplus(W_a x + b); β = σ(W_b x); y = W_out (norm(rule(q, k, v)) ⊙ silu(W_z x))} (Yang, Kautz
 * and Hatamizadeh 2024, section 3.4, as Qwen3-Next has it). Parameters are named as in its
 * checkpoints below {@code linear_attn}.
 */
public final class GatedDeltaNet extends Module
    implements UnmaskedMixer, StepwiseMixer, StatefulMixer {
  /** Added to squared lengths before they divide. */
  private static final double LENGTH_EPSILON = 1e-6;

  private final GatedDeltaConfig config;
  private final Function<Tensor, GatedDeltaInputs> inputs;
  private final CausalConvolution convolution;
  private final Tensor stepBias;
  private final Tensor logA;
  private final GatedRmsNorm norm;
  private final Linear output;

  /**
   * What a part of a sequence gives.
   *
   * @param output {@code [B, L, size]}
   * @param state after its last token
   */
  public record Result(Tensor output, ConvolvedState state) {}

  /** A net whose maps are stored apart. */
  public GatedDeltaNet(Weights weights, GatedDeltaConfig config) {
    this(weights, config, GatedDeltaInputs.Layout.SEPARATE.maps(weights, config));
  }

  /** A net whose maps are stored by key head, as Qwen3-Next's are. */
  public static GatedDeltaNet byKeyHead(Weights weights, GatedDeltaConfig config) {
    return new GatedDeltaNet(
        weights, config, GatedDeltaInputs.Layout.BY_KEY_HEAD.maps(weights, config));
  }

  private GatedDeltaNet(
      Weights weights, GatedDeltaConfig config, Function<Tensor, GatedDeltaInputs> inputs) {
    super(weights);
    this.config = config;
    this.inputs = inputs;
    convolution =
        new CausalConvolution(weights.child("conv1d"), config.convolved(), config.taps(), false);
    stepBias = weights.parameter("dt_bias", Initializer.ONES, config.valueHeads());
    logA =
        weights.parameter(
            "A_log",
            (shape, dtype, generator) -> Tensor.rand(generator, shape, dtype).mul(15).add(1).log(),
            config.valueHeads());
    norm =
        new GatedRmsNorm(
            weights.child("norm"),
            config.valueSize(),
            1,
            config.epsilon(),
            GatedRmsNorm.Order.NORM_FIRST);
    output = Linear.of(weights.child("out_proj"), config.values(), config.size(), false);
  }

  /** The state before the first token of so many sequences. */
  public ConvolvedState start(long batch) {
    DType dtype = logA.dtype().ofSums();
    return new ConvolvedState(
        convolution.start(batch),
        Tensor.zeros(
            Shape.of(batch, config.valueHeads(), config.keySize(), config.valueSize()), dtype));
  }

  @Override
  public StepwiseForm<ConvolvedState> stepwise() {
    return new Recurrent(this);
  }

  private record Recurrent(GatedDeltaNet net) implements StepwiseForm<ConvolvedState> {
    @Override
    public ConvolvedState start(long batch) {
      return net.start(batch);
    }

    @Override
    public Step<ConvolvedState> step(Tensor x, ConvolvedState state) {
      return TensorScope.run(() -> {
        Result next = net.apply(x.unsqueeze(1), state);
        return new Step<>(next.output().squeeze(1), next.state());
      });
    }
  }

  /** Mixes whole sequences {@code [B, L, size]}, all tokens at once. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> apply(x, start(x.size(0))).output());
  }

  /**
   * Goes on where earlier tokens ended.
   *
   * @param x {@code [B, L, size]}, L from 1
   * @param state from {@link #start} or the part before
   */
  public Result apply(Tensor x, ConvolvedState state) {
    return TensorScope.run(() -> {
      GatedDeltaInputs in = inputs.apply(x);
      CausalConvolution.Result seen = convolution.apply(in.mixed().transpose(1, 2), state.window());
      MemoryRead read =
          rule(config.activation().apply(seen.output()).transpose(1, 2), in, state.memory());
      // [B, value heads, L, Dv] -> [B, L, value heads, Dv]
      Tensor heads = read.output().transpose(1, 2);
      Tensor gate = in.gate().unflatten(-1, config.valueHeads(), config.valueSize());
      Tensor gated = norm.apply(heads, gate).flatten(-2, -1);
      return new Result(output.apply(gated), new ConvolvedState(seen.window(), read.memory()));
    });
  }

  /** Padding is zeroed before the first map, as the checkpoints' makers do. */
  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      if (request.trace().wants(point(EFFECTIVE_MAP))) {
        request.trace().visit(point(EFFECTIVE_MAP), effectiveMap(x));
      }
      ConvolvedState before = ConvolvedState.of(request.state(), path(), () -> start(x.size(0)));
      Result result = apply(keep == null ? x : x.mul(keep.to(x.dtype()).unsqueeze(-1)), before);
      result.state().leave(request.state(), path());
      return result.output();
    });
  }

  /**
   * The map that reading and writing amount to for these tokens: {@code o[h, i] = Σ_j M[h, i, j]
   * v[h, j]}, where v is what the convolution hands on. No softmax: entries may be negative.
   *
   * @param x {@code [B, L, size]}
   * @return {@code [B, value heads, L, L]}
   */
  public Tensor effectiveMap(Tensor x) {
    return TensorScope.run(() -> {
      GatedDeltaInputs in = inputs.apply(x);
      CausalConvolution.Result seen =
          convolution.apply(in.mixed().transpose(1, 2), start(x.size(0)).window());
      Heads heads = heads(config.activation().apply(seen.output()).transpose(1, 2));
      Tensor oneHot =
          Tensor.eye(x.size(1), x.dtype())
              .expand(x.size(0), config.valueHeads(), x.size(1), x.size(1));
      return GatedDeltaRule.apply(
              heads.q(), heads.k(), oneHot, logDecay(in.step()), rate(in.rate()), null)
          .output();
    });
  }

  private MemoryRead rule(Tensor mixed, GatedDeltaInputs in, Tensor memory) {
    Heads heads = heads(mixed);
    return GatedDeltaRule.apply(
        heads.q(), heads.k(), heads.v(), logDecay(in.step()), rate(in.rate()), memory);
  }

  /** Queries, keys {@code [B, value heads, L, Dk]} and values {@code [B, value heads, L, Dv]}. */
  private record Heads(Tensor q, Tensor k, Tensor v) {}

  private Heads heads(Tensor mixed) {
    List<Tensor> parts = mixed.split(-1, config.keys(), config.keys(), config.values());
    return new Heads(
        unit(parts.get(0)).div(Math.sqrt(config.keySize())),
        unit(parts.get(1)),
        parts.get(2).unflatten(-1, config.valueHeads(), config.valueSize()).transpose(1, 2));
  }

  /** Key heads of length one, once for each value head that shares them. */
  private Tensor unit(Tensor x) {
    Tensor heads = x.unflatten(-1, config.keyHeads(), config.keySize()).transpose(1, 2).widened();
    Tensor length = heads.square().sum(-1, true).add(LENGTH_EPSILON).rsqrt();
    return heads.mul(length).repeatInterleave(config.shared(), 1);
  }

  /** {@code log α}, {@code [B, value heads, L]}. */
  private Tensor logDecay(Tensor step) {
    Tensor softplus = step.widened().add(stepBias.widened()).softplus();
    return softplus.mul(logA.widened().exp().neg()).transpose(1, 2);
  }

  /** β, {@code [B, value heads, L]}. */
  private static Tensor rate(Tensor logit) {
    return logit.sigmoid().transpose(1, 2);
  }
}
