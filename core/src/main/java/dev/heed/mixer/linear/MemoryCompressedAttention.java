package dev.heed.mixer.linear;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.RequestLimits;
import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Conv1d;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Self-attention over keys and values that a strided convolution makes fewer: one row for each
 * block of {@code factor} tokens, after a learned row that is always there.
 *
 * <p>The sequence is filled up with zeros in front to a multiple of the factor; one convolution,
 * grouped by heads, serves keys and values. When causal, a token sees the blocks whose last token
 * is not after it, and the learned row.
 *
 * <p>Source: Liu et al., "Generating Wikipedia by summarizing long sequences", 2018, section 4.2.4.
 * Parameters are named as in memory-compressed-attention: {@code to_qkv}, {@code compress_fn.conv},
 * {@code null_k}, {@code null_v}, {@code to_out}.
 */
public final class MemoryCompressedAttention extends Module implements SequenceMixer {
  /** What the scores are divided by. */
  public enum ScoreScale {
    /** {@code √(head size)}, as the paper does. */
    HEAD_SIZE,
    /** {@code √size}, as memory-compressed-attention does. */
    FULL_SIZE
  }

  /**
   * The options.
   *
   * @param size of a token's vector
   * @param heads a divisor of the size
   * @param factor how many tokens become one row, from 1
   * @param causal whether a token sees only what does not come after it
   */
  public record Config(long size, long heads, long factor, boolean causal, ScoreScale scale) {
    /** With the paper's scale. */
    public Config(long size, long heads, long factor, boolean causal) {
      this(size, heads, factor, causal, ScoreScale.HEAD_SIZE);
    }
  }

  /**
   * What mixing gives.
   *
   * @param output {@code [B, T, size]}
   * @param weights {@code [B, H, T, 1 + blocks]}, the learned row first
   */
  public record Mixed(Tensor output, Tensor weights) {}

  private final Config config;
  private final HeadSplit heads;
  private final Linear toQueryKeyValue;
  private final Conv1d compress;
  private final Tensor nullKey;
  private final Tensor nullValue;
  private final Linear out;

  /** Builds the maps and the convolution. */
  public MemoryCompressedAttention(Weights weights, Config config) {
    super(weights);
    if (config.factor() < 1) {
      throw new IllegalArgumentException(
          "factor: expected at least 1 token a row, got " + config.factor());
    }
    this.config = config;
    this.heads = HeadSplit.of(config.size(), config.heads());
    long size = config.size();
    this.toQueryKeyValue = Linear.of(weights.child("to_qkv"), size, 3 * size, false);
    this.compress =
        new Conv1d(
            weights.child("compress_fn.conv"),
            size,
            size,
            config.factor(),
            new Geometry(config.factor(), 0, 1, config.heads()),
            true);
    this.nullKey = weights.parameter("null_k", Initializer.ZEROS, 1, 1, size);
    this.nullValue = weights.parameter("null_v", Initializer.ZEROS, 1, 1, size);
    this.out = Linear.of(weights.child("to_out"), size, size);
  }

  /** Mixes a sequence {@code [B, T, size]}, T from 1. */
  public Mixed apply(Tensor x) {
    return TensorScope.run(() -> {
      List<Tensor> parts = toQueryKeyValue.apply(x).chunk(3, -1);
      Tensor q = heads.split(parts.get(0));
      Tensor k = heads.split(compressed(parts.get(1), nullKey));
      Tensor v = heads.split(compressed(parts.get(2), nullValue));
      Tensor scores = q.matmul(k.transpose(-1, -2)).div(Math.sqrt(scaleSize(q.size(-1))));
      Tensor weights =
          (config.causal() ? scores.maskedFill(after(x.size(1)), Double.NEGATIVE_INFINITY) : scores)
              .softmax(-1);
      return new Mixed(out.apply(heads.merge(weights.matmul(v))), weights);
    });
  }

  /** Without weights of tokens; see {@link RequestLimits#check} for what it refuses. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      new RequestLimits("memory-compressed attention", config.causal(), false).check(x, request);
      return AttentionOutput.of(request.visit("output", apply(x).output()));
    });
  }

  private long scaleSize(long headSize) {
    return switch (config.scale()) {
      case HEAD_SIZE -> headSize;
      case FULL_SIZE -> config.size();
    };
  }

  /** {@code [B, T, size]} to {@code [B, 1 + blocks, size]}. */
  private Tensor compressed(Tensor x, Tensor first) {
    Tensor filled = x.pad(0, 0, 0, padding(x.size(1)), 0);
    Tensor rows = compress.apply(filled.transpose(1, 2)).transpose(1, 2);
    return Tensor.cat(List.of(first.expand(x.size(0), 1, -1), rows), 1);
  }

  private long padding(long tokens) {
    return Math.ceilDiv(tokens, config.factor()) * config.factor() - tokens;
  }

  /** Which rows {@code [T, 1 + blocks]} hold a token that comes after the query. */
  private Tensor after(long tokens) {
    long rows = 1 + Math.ceilDiv(tokens, config.factor());
    // Row r ends at the filled place r · factor - 1; row 0 is the learned one and ends before all.
    Tensor last = Tensor.arange(rows, DType.I64).mul(config.factor()).sub(padding(tokens) + 1);
    return last.unsqueeze(0).gt(Tensor.arange(tokens, DType.I64).unsqueeze(1));
  }
}
