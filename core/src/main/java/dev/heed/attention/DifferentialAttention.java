package dev.heed.attention;

import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Locale;

/**
 * Two softmax maps a head, the second subtracted from the first, so that what both see alike, the
 * noise, cancels: {@code head = (1 − λ₀) · rms(softmax(q₁k₁ᵀ/√d) v − λ softmax(q₂k₂ᵀ/√d) v)},
 * {@code λ = exp(λ_q1·λ_k1) − exp(λ_q2·λ_k2) + λ₀}.
 *
 * <p>The exact kernel computes both halves: any mask and score change, no written-down weights. The
 * difference is no softmax: its rows sum to {@code 1 − λ}, and weights may be negative.
 *
 * <p>Source: Ye et al., "Differential Transformer", 2024, section 2.1 (arXiv 2410.05258).
 * Parameters are named as in the authors' code: {@code q_proj}, {@code k_proj}, {@code v_proj},
 * {@code out_proj} without biases, {@code lambda_q1}, {@code lambda_k1}, {@code lambda_q2}, {@code
 * lambda_k2} {@code [d]}, {@code subln.weight [2d]}; heads 2h and 2h + 1 of queries and keys are
 * the two halves of head h.
 */
public final class DifferentialAttention extends Module implements SequenceMixer {
  private static final double NORM_EPSILON = 1e-5;

  /**
   * The options.
   *
   * @param size of a token's vector
   * @param heads how many differences
   * @param headSize d of queries and keys; values have 2d; the paper has {@code size / (2 · heads)}
   * @param lambdaInit λ₀, in {@code [0, 1)}; see {@link #lambdaInit(int)}
   */
  public record Config(long size, int heads, long headSize, double lambdaInit) {
    /** Checks the sizes. */
    public Config {
      if (size < 1 || heads < 1 || headSize < 1 || !(lambdaInit >= 0 && lambdaInit < 1)) {
        throw new IllegalArgumentException(
            String.format(
                    Locale.ROOT,
                    "differential attention: expected sizes from 1 and a first λ in [0, 1), got"
                        + " size %d,",
                    size)
                + String.format(
                    Locale.ROOT, " heads %d, head size %d, λ %s", heads, headSize, lambdaInit));
      }
    }
  }

  /**
   * Both maps of a run, {@code [B, H, T, T]}, and λ.
   *
   * @param first after the softmax
   * @param second after the softmax
   * @param lambda a scalar
   */
  public record Maps(Tensor first, Tensor second, Tensor lambda) {
    /** {@code first − λ · second}: no softmax. */
    public Tensor difference() {
      return TensorScope.run(() -> first.sub(second.mul(lambda)));
    }
  }

  private final Config config;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final Tensor queryLambda1;
  private final Tensor keyLambda1;
  private final Tensor queryLambda2;
  private final Tensor keyLambda2;
  private final RmsNorm norm;

  /** Builds the maps. */
  public DifferentialAttention(Weights weights, Config config) {
    super(weights);
    this.config = config;
    long inner = 2 * config.heads() * config.headSize();
    this.query = Linear.of(weights.child("q_proj"), config.size(), inner, false);
    this.key = Linear.of(weights.child("k_proj"), config.size(), inner, false);
    this.value = Linear.of(weights.child("v_proj"), config.size(), inner, false);
    this.output = Linear.of(weights.child("out_proj"), inner, config.size(), false);
    Initializer small = Initializer.normal(0.1);
    this.queryLambda1 = weights.parameter("lambda_q1", small, config.headSize());
    this.keyLambda1 = weights.parameter("lambda_k1", small, config.headSize());
    this.queryLambda2 = weights.parameter("lambda_q2", small, config.headSize());
    this.keyLambda2 = weights.parameter("lambda_k2", small, config.headSize());
    this.norm = new RmsNorm(weights.child("subln"), 2 * config.headSize(), NORM_EPSILON);
  }

  /**
   * The paper's first λ of a layer: {@code 0.8 − 0.6 · exp(−0.3 · depth)}.
   *
   * @param depth of the layer, from 0
   */
  public static double lambdaInit(int depth) {
    return 0.8 - 0.6 * Math.exp(-0.3 * depth);
  }

  /**
   * Mixes a sequence.
   *
   * <p>Trace points: {@code first.pattern} and {@code second.pattern} (and {@code scores}), {@code
   * z} {@code [B, H, T, 2d]} before the norm.
   *
   * @throws IllegalArgumentException if the request has a key cache
   */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    if (request.state() != null) {
      throw new IllegalArgumentException(
          "differential attention: expected no key cache, got one; run the whole sequence");
    }
    return TensorScope.run(() -> {
      Tensor v = value.apply(x).unflatten(-1, config.heads(), -1).transpose(1, 2);
      Tensor first = half(x, v, 0, request.at(point("first"))).output();
      Tensor second = half(x, v, 1, request.at(point("second"))).output();
      Tensor z = request.at(path()).visit("z", first.sub(second.mul(lambda())));
      Tensor heads = norm.apply(z).mul(1 - config.lambdaInit());
      return AttentionOutput.of(output.apply(heads.transpose(1, 2).flatten(2, 3)));
    });
  }

  /** The two maps whose difference reads the values; takes O(T²) memory. */
  public Maps maps(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor v = value.apply(x).unflatten(-1, config.heads(), -1).transpose(1, 2);
      AttentionRequest wanted = request.withWeights();
      return new Maps(
          half(x, v, 0, wanted).requireWeights(), half(x, v, 1, wanted).requireWeights(), lambda());
    });
  }

  private AttentionOutput half(Tensor x, Tensor v, int which, AttentionRequest request) {
    Tensor q = half(query.apply(x), which);
    Tensor k = half(key.apply(x), which);
    return new ScaledDotProduct().apply(q, k, v, request);
  }

  /** {@code [B, T, H·2·d]} to {@code [B, H, T, d]} of the first or the second. */
  private Tensor half(Tensor x, int which) {
    return x.unflatten(-1, config.heads(), 2, config.headSize()).select(3, which).transpose(1, 2);
  }

  private Tensor lambda() {
    Tensor first = queryLambda1.mul(keyLambda1).sum().exp();
    Tensor second = queryLambda2.mul(keyLambda2).sum().exp();
    return first.sub(second).add(config.lambdaInit());
  }
}
