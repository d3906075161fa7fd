package dev.heed.attention.sparse;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.KeyMask;
import dev.heed.nn.Dropout;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Informer's attention: only the queries whose weights would be far from uniform read by weights;
 * the others take the mean of the values, or of a causal sequence their running sum (Zhou et al.
 * 2021, section 3, "ProbSparse self-attention").
 *
 * <p>How far a query is from uniform, {@code max_j q·k_j/√D - Σ_j q·k_j/(n·√D)}, is measured on
 * sampled keys. Of {@code n} queries {@code u = min(c·⌈log(1 + n)⌉, n)} read. A training run draws
 * the sample from its own generator, any other from the seed, so that the same call gives the same.
 *
 * @param factor c, 5 in the paper
 * @param causal whether a query sees only keys up to itself; the request's mask must say the same
 * @param sampling which keys queries are measured on
 * @param seed of the sample
 * @param dropout of weights while training
 */
public record ProbSparseAttention(
    int factor, boolean causal, Sampling sampling, long seed, Dropout dropout)
    implements AttentionMechanism {
  /** Which keys queries are measured on. */
  public enum Sampling {
    /** {@code c·⌈log(1 + n)⌉} of each query's own, as in the paper. */
    OF_EACH_QUERY,
    /**
     * {@code c·Tq·⌈log(1 + Tk)⌉}, at most Tk, drawn once for all queries: as checkpoints of
     * transformers were trained.
     */
    OF_ALL_QUERIES
  }

  /** Checks the factor. */
  public ProbSparseAttention {
    if (factor < 1) {
      throw new IllegalArgumentException("factor: expected at least 1, got " + factor);
    }
  }

  /** As the paper has it, with seed 0 and without dropout. */
  public ProbSparseAttention(int factor, boolean causal) {
    this(factor, causal, Sampling.OF_EACH_QUERY, 0, new Dropout(0));
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    requireMask(request, (int) k.size(0), (int) k.size(2));
    return TensorScope.run(() -> {
      Tensor keys = ScaledDotProduct.perQueryHead(k, q);
      Tensor values = ScaledDotProduct.perQueryHead(v, q);
      if (q.size(2) == 0 || keys.size(2) == 0) {
        return new AttentionOutput(q.matmul(keys.transpose(2, 3)).matmul(values), null);
      }
      return read(q.mul(1 / Math.sqrt(q.size(-1))), keys, values, request);
    });
  }

  private void requireMask(AttentionRequest request, int batch, int keys) {
    boolean fits =
        KeyMask.of(request.mask(), batch, keys)
            .filter(mask -> mask.causal() == causal && mask.present() == null)
            .isPresent();
    if (!fits || request.modifier() != null) {
      throw new IllegalArgumentException(
          "ProbSparse attention: expected "
              + (causal ? "a causal mask" : "no mask")
              + " and plain scores, got "
              + (request.modifier() != null ? request.modifier() : request.mask())
              + "; queries that do not read take all values before them alike");
    }
  }

  /**
   * From scaled queries.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, H, Tk, D]}
   */
  private AttentionOutput read(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    long queries = q.size(2);
    long keys = k.size(2);
    long chosen = Math.min(factor * log(queries), queries);
    Tensor measure = measure(q.detach(), k.detach(), request.trace());
    Tensor places = measure.topk(chosen, -1).indices(); // [B, H, u]
    Tensor index = places.unsqueeze(-1);
    Tensor readers = q.gather(2, index.expand(-1, -1, -1, q.size(-1)));
    Tensor scores = readers.matmul(k.transpose(2, 3)); // [B, H, u, Tk]
    if (causal) {
      Tensor last = index.add(keys - queries);
      Tensor hidden = Tensor.arange(keys, DType.I64).reshape(1, 1, 1, keys).gt(last);
      scores = scores.maskedFill(hidden, Double.NEGATIVE_INFINITY);
    }
    Tensor weights = scores.softmax(-1);
    Tensor rows = index.expand(-1, -1, -1, keys);
    if (request.weights() || request.wants("pattern")) {
      Tensor map = request.visit("pattern", idle(q, keys).scatter(2, rows, weights));
      Tensor dropped = dropout.apply(map, request.trace());
      return new AttentionOutput(dropped.matmul(v), map);
    }
    Tensor read = dropout.apply(weights, request.trace()).matmul(v);
    Tensor rest = causal ? sums(v, queries) : v.mean(2, true).expand(-1, -1, queries, -1);
    return AttentionOutput.of(
        rest.contiguous().scatter(2, index.expand(-1, -1, -1, v.size(-1)), read));
  }

  private static long log(long length) {
    return (long) Math.ceil(Math.log1p(length));
  }

  /** How far each query is from reading all keys alike, {@code [B, H, Tq]}. */
  private Tensor measure(Tensor q, Tensor k, Trace trace) {
    Generator own = trace.dropoutGenerator();
    if (own != null) {
      return measure(q, k, own);
    }
    try (Generator seeded = new Generator(seed)) {
      return measure(q, k, seeded);
    }
  }

  private Tensor measure(Tensor q, Tensor k, Generator random) {
    long queries = q.size(2);
    long keys = k.size(2);
    Tensor sampled;
    if (sampling == Sampling.OF_ALL_QUERIES) {
      long count = Math.min(factor * queries * log(keys), keys);
      Tensor sample = Tensor.randint(random, keys, Shape.of(count));
      sampled = q.matmul(k.indexSelect(2, sample).transpose(2, 3));
    } else {
      long count = Math.min(factor * log(keys), keys);
      Tensor sample = Tensor.randint(random, keys, Shape.of(queries * count));
      Tensor of = k.indexSelect(2, sample).unflatten(2, queries, count); // [B, H, Tq, s, D]
      sampled = of.matmul(q.unsqueeze(-1)).squeeze(-1);
    }
    return sampled.amax(-1, false).sub(sampled.sum(-1, false).div(keys));
  }

  /** The running sums of the values at the last places, {@code [B, H, Tq, D]}. */
  private static Tensor sums(Tensor v, long queries) {
    Tensor wide = v.widened().cumsum(2).to(v.dtype());
    return wide.narrow(2, v.size(2) - queries, queries);
  }

  /** What queries that do not read take of each value, {@code [B, H, Tq, Tk]}. */
  private Tensor idle(Tensor q, long keys) {
    long queries = q.size(2);
    Shape shape = Shape.of(q.size(0), q.size(1), queries, keys);
    return causal
        ? Tensor.ones(shape, q.dtype()).tril((int) (keys - queries))
        : Tensor.full(shape, 1.0 / keys, q.dtype());
  }
}
