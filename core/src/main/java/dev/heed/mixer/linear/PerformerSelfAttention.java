package dev.heed.mixer.linear;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.StepwiseMixer;
import dev.heed.mixer.linear.OrthogonalProjection.Length;
import dev.heed.mixer.linear.SoftmaxFeatures.KeyStabiliser;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Self-attention of the Performer: projections into heads, {@link Performer}, a projection back;
 * one random projection serves all heads.
 *
 * <p>Source: Choromanski et al. 2021. Parameters are named as in performer-pytorch: {@code to_q},
 * {@code to_k}, {@code to_v}, {@code to_out}, each with a bias, and the buffer {@code
 * fast_attention.projection_matrix}.
 */
public final class PerformerSelfAttention extends Module implements StepwiseMixer {
  /** Which similarity of queries and keys the features stand for. */
  public enum Kernel {
    /** {@code exp(q · k / √D)}, see {@link Performer#softmax}. */
    SOFTMAX,
    /** A sum of {@code relu(w · q) relu(w · k)}, see {@link Performer#relu}. */
    RELU
  }

  /**
   * The options.
   *
   * @param size of a token's vector
   * @param heads how many
   * @param headSize D, of each
   * @param features m, how many random directions; {@code D · ln D} is a usual number
   * @param causal whether a token sees only those before it
   * @param keyStabiliser see {@link SoftmaxFeatures}
   * @param kernel what the features stand for
   */
  public record Config(
      long size,
      long heads,
      long headSize,
      long features,
      boolean causal,
      KeyStabiliser keyStabiliser,
      Kernel kernel) {
    /** The softmax kernel. */
    public Config(
        long size,
        long heads,
        long headSize,
        long features,
        boolean causal,
        KeyStabiliser keyStabiliser) {
      this(size, heads, headSize, features, causal, keyStabiliser, Kernel.SOFTMAX);
    }

    /** With the stabiliser that suits the direction. */
    public Config(long size, long heads, long headSize, long features, boolean causal) {
      this(
          size,
          heads,
          headSize,
          features,
          causal,
          causal ? KeyStabiliser.NONE : KeyStabiliser.ALL_KEYS);
    }
  }

  private final Tensor projection;
  private final LinearHeads heads;

  /** Builds the maps and draws (or reads) the projection. */
  public PerformerSelfAttention(Weights weights, Config config) {
    super(weights);
    long inner = config.heads() * config.headSize();
    Linear query = Linear.of(weights.child("to_q"), config.size(), inner);
    Linear key = Linear.of(weights.child("to_k"), config.size(), inner);
    Linear value = Linear.of(weights.child("to_v"), config.size(), inner);
    Linear out = Linear.of(weights.child("to_out"), inner, config.size());
    this.projection =
        weights.buffer(
            "fast_attention.projection_matrix",
            (shape, dtype, random) ->
                OrthogonalProjection.draw(
                    random, shape.size(0), shape.size(1), Length.GAUSSIAN, dtype),
            config.features(),
            config.headSize());
    this.heads =
        new LinearHeads(
            query, key, value, out, new HeadSplit(config.heads()), attention(config, projection));
  }

  private static LinearAttention attention(Config config, Tensor projection) {
    return switch (config.kernel()) {
      case SOFTMAX -> Performer.softmax(projection, config.causal(), config.keyStabiliser());
      case RELU -> Performer.relu(projection, config.causal());
    };
  }

  /** Mixes a sequence {@code [B, T, size]}. */
  public Tensor apply(Tensor x) {
    return heads.apply(x, (Tensor) null);
  }

  /** Honours padding; see {@link dev.heed.attention.RequestLimits#check} for what it refuses. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return heads.apply(x, request, "Performer");
  }

  /** The attention map that the random features amount to, {@code [B, H, T, T]}. */
  public Tensor weights(Tensor x) {
    return heads.weights(x);
  }

  @Override
  public StepwiseForm<LinearAttention.State> stepwise() {
    return heads.stepwise("Performer");
  }

  /**
   * Draws new random directions, in place, between two steps of training (as an optimiser changes
   * parameters): no other thread may use the module meanwhile.
   */
  public void redraw(Generator random) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor drawn =
          OrthogonalProjection.draw(
              random, projection.size(0), projection.size(1), Length.GAUSSIAN, projection.dtype());
      Gradients.disabled(() -> projection.assign(drawn));
    }
  }
}
