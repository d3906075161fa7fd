package dev.heed.mixer.statespace;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.StatefulMixer;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mamba 2's mixer: heads of state spaces whose matrix is one number.
 *
 * <p>{@code z, xBC, Δ' = W_in u; x, B, C = act(conv(xBC)); Δ = clamp(softplus(Δ' + b)); y = scan(x,
 * Δ, −exp(A_log), B, C, D); out = W_out norm(y ⊙ silu(z))} with one A, D and Δ a head (Dao and Gu
 * 2024, "Transformers are SSMs", section 7). Computed by {@link SelectiveScan}, whose channels are
 * those of all heads. Parameters are named as in the authors' checkpoints.
 */
public final class Mamba2Block extends Module implements StatefulMixer {
  private final Mamba2Config config;
  private final Linear input;
  private final CausalConvolution convolution;
  private final Tensor stepBias;
  private final Tensor logA;
  private final Tensor skip;
  private final RmsNorm norm;
  private final Linear output;

  /** A block of these sizes. */
  public Mamba2Block(Weights weights, Mamba2Config config) {
    super(weights);
    this.config = config;
    long heads = config.heads();
    long inner = config.inner();
    long both = inner + config.convolved() + heads;
    input = Linear.of(weights.child("in_proj"), config.dModel(), both, config.biases());
    convolution =
        new CausalConvolution(
            weights.child("conv1d"), config.convolved(), config.dConv(), config.convolutionBias());
    stepBias = weights.parameter("dt_bias", StateSpaceInitializers.STEP_BIAS, heads);
    logA =
        weights.parameter(
            "A_log",
            (shape, dtype, generator) -> Tensor.arange(shape.size(0), dtype).add(1).log(),
            heads);
    skip = weights.parameter("D", Initializer.ONES, heads);
    norm = new RmsNorm(weights.child("norm"), inner, config.epsilon());
    output = Linear.of(weights.child("out_proj"), inner, config.dModel(), config.biases());
  }

  /** Padding is zeroed before the block and after the convolution, as the makers do. */
  @Override
  public Tensor apply(Tensor x, @Nullable Tensor keep, AttentionRequest request) {
    return TensorScope.run(() -> {
      DecodeState state = request.state();
      List<Tensor> parts =
          input.apply(kept(x, keep)).split(-1, config.inner(), config.convolved(), config.heads());
      Tensor convolved =
          convolution.apply(parts.get(1).transpose(1, 2), state, path() + ".conv_state");
      Tensor active = kept(config.activation().apply(convolved).transpose(1, 2), keep);
      Tensor mixed = scan(active, parts.get(2), state);
      return output.apply(norm.apply(mixed.mul(parts.get(0).silu())));
    });
  }

  /**
   * Scans the channels of all heads.
   *
   * @param active x, B and C, {@code [B, L, inner + 2 G N]}
   * @param steps {@code [B, L, heads]}
   * @return {@code [B, L, inner]}
   */
  private Tensor scan(Tensor active, Tensor steps, @Nullable DecodeState state) {
    long size = config.headSize();
    long shared = config.groups() * config.dState();
    List<Tensor> parts = active.transpose(1, 2).split(1, config.inner(), shared, shared);
    Tensor step =
        steps.add(stepBias).softplus().clamp(config.shortest(), config.longest()).transpose(1, 2);
    Tensor a =
        logA.exp()
            .neg()
            .repeatInterleave(size, 0)
            .unsqueeze(-1)
            .expand(config.inner(), config.dState());
    String name = path() + ".recurrent_state";
    Tensor before = state == null ? null : state.get(name);
    SelectiveScan.Result result =
        new SelectiveScan(a, skip.repeatInterleave(size, 0), null, false)
            .apply(
                parts.get(0),
                step.repeatInterleave(size, 1),
                parts.get(1).unflatten(1, config.groups(), config.dState()),
                parts.get(2).unflatten(1, config.groups(), config.dState()),
                null,
                before == null ? null : before.flatten(1, 2));
    if (state != null) {
      state.replace(name, result.state().unflatten(1, config.heads(), size));
    }
    return result.output().transpose(1, 2);
  }

  private static Tensor kept(Tensor x, @Nullable Tensor keep) {
    return keep == null ? x : x.mul(keep.to(x.dtype()).unsqueeze(-1));
  }
}
