package dev.heed.mixer.linear;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.RequestLimits;
import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention over keys and values that are projected along the sequence to a fixed number of
 * rows: {@code softmax(q (Eᵀ k)ᵀ / √D) Fᵀ v}.
 *
 * <p>Not causal: each of the projected rows mixes the whole sequence. A sequence shorter than the
 * longest uses the first rows of E and F.
 *
 * <p>Source: Wang et al., "Linformer: self-attention with linear complexity", 2020, section 4.
 * Parameters are named as in linformer: {@code to_q}, {@code to_k}, {@code to_v}, {@code proj_k} E,
 * {@code proj_v} F, {@code to_out}.
 */
public final class Linformer extends Module implements SequenceMixer {
  /**
   * The options.
   *
   * @param size of a token's vector
   * @param longest the longest sequence
   * @param rows k, how many keys and values are left
   * @param heads a divisor of the size
   * @param oneKeyHead whether all heads read the same keys and values
   * @param shareKeysAndValues whether values are the keys, under one projection
   */
  public record Config(
      long size,
      long longest,
      long rows,
      long heads,
      boolean oneKeyHead,
      boolean shareKeysAndValues) {}

  /**
   * What mixing gives.
   *
   * @param output {@code [B, T, size]}
   * @param weights of each token for each projected row, {@code [B, H, T, rows]}
   */
  public record Mixed(Tensor output, Tensor weights) {}

  private final Config config;
  private final HeadSplit heads;
  private final Linear query;
  private final Linear key;
  private final @Nullable Linear value;
  private final Tensor keyProjection;
  private final @Nullable Tensor valueProjection;
  private final Linear out;

  /** Builds the maps and the projections. */
  public Linformer(Weights weights, Config config) {
    super(weights);
    this.config = config;
    this.heads = HeadSplit.of(config.size(), config.heads());
    long size = config.size();
    long keySize = config.oneKeyHead() ? size / config.heads() : size;
    boolean shared = config.shareKeysAndValues();
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(config.rows()));
    this.query = Linear.of(weights.child("to_q"), size, size, false);
    this.key = Linear.of(weights.child("to_k"), size, keySize, false);
    this.value = shared ? null : Linear.of(weights.child("to_v"), size, keySize, false);
    this.keyProjection = weights.parameter("proj_k", uniform, config.longest(), config.rows());
    this.valueProjection =
        shared ? null : weights.parameter("proj_v", uniform, config.longest(), config.rows());
    this.out = Linear.of(weights.child("to_out"), size, size);
  }

  /**
   * Mixes a sequence.
   *
   * @param x {@code [B, T, size]}
   * @throws ShapeException if T is above the longest length
   */
  public Mixed apply(Tensor x) {
    return apply(x, (Tensor) null);
  }

  /** Honours padding; see {@link RequestLimits#check} for what it refuses. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor there = new RequestLimits("Linformer", false, true).check(x, request);
      return AttentionOutput.of(request.visit("output", apply(x, there).output()));
    });
  }

  /** As {@link #apply(Tensor)}, where the rows take up only tokens that {@code [B, T]} allows. */
  private Mixed apply(Tensor x, @Nullable Tensor allowed) {
    if (x.size(1) > config.longest()) {
      throw new ShapeException(
          "Linformer: expected at most "
              + config.longest()
              + " tokens, got "
              + x.size(1)
              + "; cut the sequence or build it for a longer one");
    }
    return TensorScope.run(() -> {
      Tensor keys = project(present(key.apply(x), allowed).widened(), keyProjection.widened());
      Tensor values =
          value == null || valueProjection == null
              ? keys
              : project(present(value.apply(x), allowed).widened(), valueProjection.widened());
      Tensor q = heads.split(query.apply(x)).widened();
      Tensor scores = q.matmul(keys.transpose(-1, -2)).div(Math.sqrt(q.size(-1)));
      Tensor weights = scores.softmax(-1);
      return new Mixed(out.apply(heads.merge(weights.matmul(values)).to(x.dtype())), weights);
    });
  }

  private static Tensor present(Tensor x, @Nullable Tensor allowed) {
    return allowed == null ? x : x.maskedFill(allowed.unsqueeze(-1).not(), 0);
  }

  /** {@code [B, T, ·]} to {@code [B, H or 1, rows, D]}. */
  private Tensor project(Tensor x, Tensor projection) {
    Tensor rows = projection.narrow(0, 0, x.size(1)).transpose(0, 1).matmul(x);
    return config.oneKeyHead() ? rows.unsqueeze(1) : heads.split(rows);
  }
}
