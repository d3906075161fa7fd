package dev.heed.mixer.statespace;

import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.attention.UnmaskedMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * The S4 block: {@code y = GLU(W gelu(K * u + D u))}, one long convolution a channel, then channels
 * mix.
 *
 * <p>Gu et al. 2022, "S4", section 3.4; parameters are named as in the authors' repository. A
 * bidirectional block adds a second kernel over the reversed sequence, which begins at the next
 * token.
 */
public final class S4 extends Module implements UnmaskedMixer, StepwiseMixer {
  private final S4Kernel kernel;
  private final Tensor skip;
  private final Linear output;
  private final boolean bidirectional;

  /**
   * A block.
   *
   * @param channels H, size of the embeddings
   * @param state N, even
   * @param measure what the state spaces start as
   * @param bidirectional whether later tokens count too
   */
  public S4(Weights weights, long channels, long state, Hippo measure, boolean bidirectional) {
    super(weights);
    this.bidirectional = bidirectional;
    Weights layer = weights.child("layer");
    StateSpaceConfig sizes = new StateSpaceConfig(channels, state, bidirectional ? 2 : 1, channels);
    kernel = new S4Kernel(layer.child("kernel"), sizes, measure);
    skip = layer.parameter("D", Initializer.normal(1), 1, channels);
    output = Linear.of(weights.child("output_linear.0"), channels, 2 * channels);
  }

  /** The kernels {@code [1 or 2, H, length]}. */
  public Tensor kernel(long length) {
    return kernel.kernel(length);
  }

  @Override
  public AttentionMask sees() {
    return bidirectional ? AttentionMask.full() : AttentionMask.causal();
  }

  /** Mixes whole sequences {@code [B, L, H]}, all tokens at once. */
  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor u = x.transpose(1, 2); // [B, H, L]
      Tensor kernels = kernel(u.size(-1));
      Tensor forward = kernels.select(0, 0);
      Tensor y =
          bidirectional
              ? FourierConvolution.bidirectional(u, forward, kernels.select(0, 1))
              : FourierConvolution.causal(u, forward);
      return finish(y.transpose(1, 2), x);
    });
  }

  /**
   * The recurrent form.
   *
   * @throws IllegalStateException if the block is bidirectional
   */
  @Override
  public StepwiseForm<Tensor> stepwise() {
    if (bidirectional) {
      throw new IllegalStateException(
          "S4: a bidirectional block needs the whole sequence; build a causal one to go token by"
              + " token");
    }
    return new ChannelwiseForm(
        kernel.recurrence(), (y, x) -> TensorScope.run(() -> finish(y.squeeze(-2), x)));
  }

  private Tensor finish(Tensor y, Tensor x) {
    return GatedLinearUnit.apply(output.apply(y.add(x.mul(skip.squeeze(0))).gelu(false)), -1);
  }
}
