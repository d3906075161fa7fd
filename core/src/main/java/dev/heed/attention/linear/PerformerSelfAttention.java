package dev.heed.attention.linear;

import dev.heed.attention.linear.OrthogonalProjection.Length;
import dev.heed.attention.linear.SoftmaxFeatures.KeyStabiliser;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Self-attention of the Performer: projections into heads, {@link Performer#softmax}, a projection
 * back; one random projection serves all heads.
 *
 * <p>Source: Choromanski et al. 2021. Parameters are named as in performer-pytorch: {@code to_q},
 * {@code to_k}, {@code to_v}, {@code to_out}, each with a bias, and the buffer {@code
 * fast_attention.projection_matrix}.
 */
public final class PerformerSelfAttention extends Module {
  /**
   * The options.
   *
   * @param size of a token's vector
   * @param heads how many
   * @param headSize D, of each
   * @param features m, how many random directions; {@code D · ln D} is a usual number
   * @param causal whether a token sees only those before it
   * @param keyStabiliser see {@link SoftmaxFeatures}
   */
  public record Config(
      long size,
      long heads,
      long headSize,
      long features,
      boolean causal,
      KeyStabiliser keyStabiliser) {
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

  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final Tensor projection;
  private final HeadSplit heads;
  private final LinearAttention attention;

  /** Builds the maps and draws (or reads) the projection. */
  public PerformerSelfAttention(Weights weights, Config config) {
    super(weights);
    long inner = config.heads() * config.headSize();
    this.query = Linear.of(weights.child("to_q"), config.size(), inner);
    this.key = Linear.of(weights.child("to_k"), config.size(), inner);
    this.value = Linear.of(weights.child("to_v"), config.size(), inner);
    this.out = Linear.of(weights.child("to_out"), inner, config.size());
    this.projection =
        weights.buffer(
            "fast_attention.projection_matrix",
            (shape, dtype, random) ->
                OrthogonalProjection.draw(
                    random, shape.size(0), shape.size(1), Length.GAUSSIAN, dtype),
            config.features(),
            config.headSize());
    this.heads = new HeadSplit(config.heads());
    this.attention = Performer.softmax(projection, config.causal(), config.keyStabiliser());
  }

  /** Mixes a sequence {@code [B, T, size]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor mixed =
          attention.apply(
              heads.split(query.apply(x)),
              heads.split(key.apply(x)),
              heads.split(value.apply(x)),
              null);
      return out.apply(heads.merge(mixed));
    });
  }

  /** The attention map that the random features amount to, {@code [B, H, T, T]}. */
  public Tensor weights(Tensor x) {
    return TensorScope.run(
        () -> attention.weights(heads.split(query.apply(x)), heads.split(key.apply(x)), null));
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
