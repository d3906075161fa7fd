package dev.heed.mixer.statespace;

import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * H3, "Hungry Hungry Hippos": {@code O = Q ⊙ SSM_diag(SSM_shift(K) ⊗ V)}, heads concatenated and
 * projected.
 *
 * <p>The shift state space lets a key remember the token before it, the diagonal one keeps what
 * keys and values met until a query reads it: linear attention with a learned decay (Fu et al.
 * 2022, algorithm 1). Parameters are named as in the authors' repository.
 */
public final class H3 extends Module implements UnmaskedMixer, StepwiseMixer {
  /** In which order the features of all heads enter the output projection. */
  public enum FeatureOrder {
    /** Head after head, as the paper concatenates them. */
    HEADS_FIRST,
    /** The first feature of every head, then the second, …, as the authors' code has it. */
    FEATURES_FIRST
  }

  /** Products of keys and values that are held at once. */
  private static final long MOST_PRODUCTS = 1 << 19;

  private final long headSize;
  private final FeatureOrder order;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final ShiftKernel shift;
  private final Tensor shiftSkip;
  private final Tensor skip;
  private final Tensor logReal;
  private final Tensor imaginary;
  private final Tensor b;
  private final Tensor c;
  private final Tensor logStep;

  /**
   * What the tokens so far leave to the next ones: a constant size.
   *
   * @param shift {@code [B, dModel, N]}
   * @param memory complex {@code [B, headSize, headSize, heads, N / 2]}
   */
  public record State(Tensor shift, Tensor memory) {}

  /**
   * A layer.
   *
   * @param size dModel, size of the embeddings
   * @param state N, even, of both kinds of state space
   * @param headSize features a head; a divisor of {@code size}
   * @throws IllegalArgumentException if it is none
   */
  public H3(Weights weights, long size, long state, long headSize, FeatureOrder order) {
    super(weights);
    if (headSize < 1 || size % headSize != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "H3: expected a head size that divides %d, got %d", size, headSize));
    }
    this.headSize = headSize;
    this.order = order;
    long heads = size / headSize;
    long half = StateSpaceConfig.of(heads, state).state() / 2;
    query = Linear.of(weights.child("q_proj"), size, size);
    key = Linear.of(weights.child("k_proj"), size, size);
    value = Linear.of(weights.child("v_proj"), size, size);
    output = Linear.of(weights.child("output_linear"), size, size);
    shift = new ShiftKernel(weights.child("ssm_k_kernel.kernel"), size, state);
    shiftSkip = weights.parameter("ssm_k_D", Initializer.normal(1), size);
    skip = weights.parameter("D", Initializer.normal(1), heads);
    Weights memory = weights.child("kernel.kernel");
    logReal = memory.parameter("inv_A_real", StateSpaceInitializers.LOG_HALF, heads, half);
    imaginary = memory.parameter("A_imag", StateSpaceInitializers.FREQUENCIES, heads, half);
    b = memory.parameter("B", StateSpaceInitializers.COMPLEX_ONE, heads, half, 2);
    c = memory.parameter("C", StateSpaceInitializers.COMPLEX_NORMAL, 1, heads, half, 2);
    logStep = memory.parameter("log_dt", StateSpaceInitializers.LOG_STEP, heads);
  }

  private DiagonalSystem memory() {
    return TensorScope.run(() ->
        new DiagonalSystem(
            Fourier.complex(logReal.widened().exp().neg(), imaginary.widened()),
            Fourier.viewAsComplex(b.widened()),
            Fourier.viewAsComplex(c.widened()),
            logStep.widened().exp(),
            Discretisation.BILINEAR));
  }

  /** How long keys are remembered: the shift kernel {@code [1, dModel, length]}. */
  public Tensor shiftKernel(long length) {
    return shift.kernel(length);
  }

  /** How long key–value products are remembered: the diagonal kernel {@code [1, heads, length]}. */
  public Tensor memoryKernel(long length) {
    return TensorScope.run(() -> memory().kernel(length));
  }

  /** Mixes whole sequences {@code [B, L, dModel]}, all tokens at once. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      long length = x.size(1);
      Tensor k = key.apply(x).widened().transpose(1, 2);
      Tensor shifted =
          FourierConvolution.causal(k, shiftKernel(length).squeeze(0))
              .add(k.mul(shiftSkip.unsqueeze(-1)));
      Tensor v = value.apply(x).widened().transpose(1, 2);
      Tensor read = read(query.apply(x).widened().transpose(1, 2), shifted, v);
      return output.apply(features(read).transpose(1, 2).to(x.dtype()));
    });
  }

  /**
   * {@code Q ⊙ SSM_diag(K ⊗ V)}, {@code [B, d, heads, L]}: the products of a few key features at a
   * time, which are made again for the gradients, so that memory grows by dModel and not by d ·
   * dModel a token.
   *
   * @param q {@code [B, dModel, L]}
   * @param k shifted, {@code [B, dModel, L]}
   * @param v {@code [B, dModel, L]}
   */
  private Tensor read(Tensor q, Tensor k, Tensor v) {
    Tensor kernel = memoryKernel(k.size(-1)).squeeze(0);
    Tensor values = heads(v, 1);
    long features = Math.clamp(MOST_PRODUCTS / Math.max(1, v.elements()), 1, headSize);
    List<Tensor> queries = heads(q, 2).pieces(features, 1);
    List<Tensor> keys = heads(k, 2).pieces(features, 1);
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      List<Tensor> inputs = List.of(queries.get(i), keys.get(i), values, kernel, skip);
      // All at once may keep its products.
      parts.add(queries.size() == 1 ? readSome(inputs) : Recomputed.apply(inputs, H3::readSome));
    }
    return parts.stream().reduce(Tensor::add).orElseThrow();
  }

  /** Of some queries and keys {@code [B, d1, 1, heads, L]}, values, memory kernel and D. */
  private static Tensor readSome(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor met = inputs.get(1).mul(inputs.get(2)); // [B, d1, d2, heads, L]
      Tensor kept =
          FourierConvolution.causal(met, inputs.get(3)).add(met.mul(inputs.get(4).unsqueeze(-1)));
      return inputs.get(0).mul(kept).sum(1, false);
    });
  }

  @Override
  public StepwiseForm<State> stepwise() {
    return TensorScope.run(() -> new Recurrent(this, shift.recurrence(), memory().recurrence()));
  }

  /** Both systems, for one token at a time. */
  private record Recurrent(H3 layer, LinearRecurrence shift, LinearRecurrence memory)
      implements StepwiseForm<State> {
    @Override
    public State start(long batch) {
      return new State(shift.start(batch), memory.start(batch, layer.headSize, layer.headSize));
    }

    @Override
    public Step<State> step(Tensor x, State state) {
      return TensorScope.run(() -> {
        Tensor k = layer.key.apply(x).widened();
        LinearRecurrence.Step moved = shift.step(state.shift(), k);
        Tensor shifted = moved.output().squeeze(-2).add(k.mul(layer.shiftSkip)).unsqueeze(-1);
        Tensor values = layer.heads(layer.value.apply(x).widened().unsqueeze(-1), 1);
        Tensor met = layer.heads(shifted, 2).mul(values).squeeze(-1);
        LinearRecurrence.Step kept = memory.step(state.memory(), met);
        Tensor all = kept.output().squeeze(-2).add(met.mul(layer.skip)).unsqueeze(-1);
        Tensor read =
            layer.heads(layer.query.apply(x).widened().unsqueeze(-1), 2).mul(all).sum(1, false);
        Tensor y = layer.output.apply(layer.features(read).squeeze(-1).to(x.dtype()));
        return new Step<>(y, new State(moved.state(), kept.state()));
      });
    }
  }

  /** {@code [B, dModel, L]} as {@code [B, d, heads, L]} with a further dimension of 1. */
  private Tensor heads(Tensor x, int unit) {
    return x.unflatten(1, -1, headSize).transpose(1, 2).unsqueeze(unit);
  }

  /** {@code [B, d, heads, L]} as {@code [B, dModel, L]}. */
  private Tensor features(Tensor read) {
    return switch (order) {
      case HEADS_FIRST -> read.transpose(1, 2).flatten(1, 2);
      case FEATURES_FIRST -> read.flatten(1, 2);
    };
  }
}
