package dev.heed.attention.sparse;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Reformer's attention among tokens that hash alike: tokens are sorted by bucket, cut into
 * chunks, and each chunk attends to itself and the one before it; several rounds of hashing are
 * combined by the softmax of their log-sum-exp (Kitaev et al. 2020, section 2). Queries are the
 * keys as well. Costs O(rounds · n · bucket size) and a sort.
 *
 * @param bucketSize tokens a bucket on average, and a chunk exactly
 * @param causal whether a token sees only tokens up to itself
 * @param allowDuplicates whether a key that shares a chunk with a query in several rounds counts as
 *     often; {@code false} divides it by that number (section 2, "multi-round")
 * @param acrossBuckets whether tokens of one chunk see each other when their buckets differ
 */
public record LshAttention(
    int bucketSize, boolean causal, boolean allowDuplicates, boolean acrossBuckets) {
  /**
   * Keeps the logarithm of a count of zero finite: the recorded reference adds it to every count.
   */
  private static final double NO_COUNT = 1e-9;

  /** Scores that are held at once; those of other chunks are made again for the gradients. */
  private static final long MOST_SCORES = 1 << 20;

  /**
   * What it gives.
   *
   * @param output {@code [B, T, Dv]}
   * @param weights {@code [B, T, T]}, summed over the rounds; null if not asked for: they take n²
   *     memory
   * @param buckets i64 {@code [B, rounds · T]}
   */
  public record Result(Tensor output, @Nullable Tensor weights, Tensor buckets) {}

  /** One batch sorted and cut into chunks: what every step needs. */
  private record Chunks(LshBuckets buckets, Tensor tokens, long rounds, long length) {
    long count() {
      return tokens.size(1);
    }

    /** {@code [B, T, …]} by token to {@code [B, chunks, bucket size, …]}. */
    Tensor cut(Tensor x) {
      long batch = x.size(0);
      Tensor flat = tokens.reshape(batch, -1);
      return x.rank() == 2
          ? x.gather(1, flat).reshape(tokens.shape().toArray())
          : x.gather(1, flat.unsqueeze(-1).expand(-1, -1, x.size(-1)))
              .reshape(batch, count(), -1, x.size(-1));
    }

    /** {@code [B, chunks, bucket size, …]} back to {@code [B, rounds, T, …]}. */
    Tensor restore(Tensor x) {
      Tensor index = buckets.places().unsqueeze(-1).expand(-1, -1, x.size(-1));
      return x.flatten(1, 2).gather(1, index).unflatten(1, rounds, length);
    }
  }

  /** Checks the size. */
  public LshAttention {
    if (bucketSize < 1) {
      throw new IllegalArgumentException("bucket size: expected at least 1, got " + bucketSize);
    }
  }

  /**
   * Random rotations for sequences of this length, {@code [D, rounds, length / bucketSize / 2]}.
   */
  public Tensor rotations(Generator generator, long length, long size, int rounds, DType dtype) {
    requireLength(length);
    return LshBuckets.rotations(generator, size, rounds, length / bucketSize, dtype);
  }

  /**
   * Attention within the buckets that the hashes put tokens in, over all rounds (Kitaev et al.
   * 2020, section 2).
   *
   * @param qk {@code [B, T, D]}; T is a multiple of twice the bucket size
   * @param v {@code [B, T, Dv]}
   * @param rotations {@code [D, rounds, buckets / 2]}; no gradient flows to them
   * @param real bool {@code [B, T]}, false at padding; or null
   * @param withWeights whether to give the weights
   */
  public Result attend(
      Tensor qk, Tensor v, Tensor rotations, @Nullable Tensor real, boolean withWeights) {
    requireLength(qk.size(1));
    return TensorScope.run(() -> {
      Result result = attendWide(qk.widened(), v.widened(), rotations.widened(), real, withWeights);
      return new Result(result.output().to(v.dtype()), result.weights(), result.buckets());
    });
  }

  private Result attendWide(
      Tensor qk, Tensor v, Tensor rotations, @Nullable Tensor real, boolean withWeights) {
    return TensorScope.run(() -> {
      LshBuckets buckets = LshBuckets.of(qk, rotations);
      Tensor tokens = buckets.order().remainder(qk.size(1)).reshape(qk.size(0), -1, bucketSize);
      Chunks chunks = new Chunks(buckets, tokens, rotations.size(1), qk.size(1));
      List<Tensor> inputs = inputs(chunks, qk, v, real);
      Tensor read = inTurn(inputs, withWeights ? chunks.count() : chunksAtOnce(qk.size(0)));
      Tensor share = chunks.restore(read.narrow(-1, v.size(-1), 1)).softmax(1); // [B, rounds, T, 1]
      Tensor output = chunks.restore(read.narrow(-1, 0, v.size(-1))).mul(share).sum(1, false);
      return new Result(
          output,
          withWeights ? dense(chunks, scores(inputs).softmax(-1), share) : null,
          buckets.numbers());
    });
  }

  private long chunksAtOnce(long batch) {
    return Math.max(1, MOST_SCORES / (2L * bucketSize * bucketSize * batch));
  }

  /**
   * Queries {@code [B, chunks, size, D]}, keys and values {@code [B, chunks, 2 · size, ·]}, and
   * what decides who sees whom, first of the queries, then of the keys: the token; if asked for,
   * whether it is there, its bucket, and of each round the chunk it is in and the one after that.
   */
  private List<Tensor> inputs(Chunks chunks, Tensor qk, Tensor v, @Nullable Tensor real) {
    Tensor queries = chunks.cut(qk);
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(queries);
    inputs.add(andPrevious(SharedQkAttention.unit(queries)));
    inputs.add(andPrevious(chunks.cut(v)));
    List<Tensor> facts = new ArrayList<>();
    facts.add(chunks.tokens());
    // What is no padding, by default.
    facts.add(real == null ? chunks.tokens().ge(0) : chunks.cut(real));
    if (!acrossBuckets) {
      LshBuckets buckets = chunks.buckets();
      facts.add(
          buckets.numbers().gather(1, buckets.order()).reshape(chunks.tokens().shape().toArray()));
    }
    if (!allowDuplicates) {
      facts.addAll(placesByRound(chunks));
    }
    inputs.addAll(facts);
    facts.forEach(fact -> inputs.add(andPrevious(fact)));
    return inputs;
  }

  /** What all chunks read, and behind it the log-sum-exp of their scores: some chunks at a time. */
  private Tensor inTurn(List<Tensor> inputs, long atOnce) {
    List<List<Tensor>> pieces = inputs.stream().map(x -> x.pieces(atOnce, 1)).toList();
    List<Tensor> parts = new ArrayList<>();
    int count = pieces.getFirst().size();
    for (int i = 0; i < count; i++) {
      int part = i;
      List<Tensor> some = pieces.stream().map(list -> list.get(part)).toList();
      // All at once may keep its scores.
      parts.add(count == 1 ? read(some) : Recomputed.apply(some, this::read));
    }
    return Tensor.cat(parts, 1);
  }

  /** {@code [B, chunks, size, Dv + 1]}. */
  private Tensor read(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor scores = scores(inputs);
      Tensor logSum = scores.logSumExp(-1, true);
      Tensor weights = scores.sub(logSum).exp();
      return Tensor.cat(List.of(weights.matmul(inputs.get(2)), logSum), -1);
    });
  }

  private void requireLength(long length) {
    if (length % (2L * bucketSize) != 0 || length == 0) {
      throw new ShapeException(
          "LSH attention: expected a length that is a multiple of "
              + 2L * bucketSize
              + ", twice the bucket size, got "
              + length
              + "; pad the sequence and say so in the mask");
    }
  }

  /** {@code [B, chunks, size, 2 · size]} of what {@link #inputs} gives. */
  private Tensor scores(List<Tensor> inputs) {
    return TensorScope.run(() -> {
      Tensor queries = inputs.get(0);
      int facts = (inputs.size() - 3) / 2;
      Iterator<Tensor> query = inputs.subList(3, 3 + facts).iterator();
      Iterator<Tensor> key = inputs.subList(3 + facts, inputs.size()).iterator();
      Tensor scores =
          queries.matmul(inputs.get(1).transpose(-2, -1)).div(Math.sqrt(queries.size(-1)));
      Tensor token = query.next().unsqueeze(-1);
      Tensor other = key.next().unsqueeze(-2);
      scores = hide(scores, query.next().unsqueeze(-1).and(key.next().unsqueeze(-2)).not());
      if (causal) {
        scores = hide(scores, token.lt(other));
      }
      scores = scores.maskedFill(token.eq(other), SharedQkAttention.SELF_SCORE);
      if (!acrossBuckets) {
        scores = hide(scores, query.next().unsqueeze(-1).ne(key.next().unsqueeze(-2)));
      }
      if (allowDuplicates) {
        return scores;
      }
      Tensor mine = query.next();
      Tensor meetings =
          met(mine, key.next(), scores.dtype()).add(met(mine, key.next(), scores.dtype()));
      return scores.sub(meetings.add(NO_COUNT).log());
    });
  }

  private static Tensor hide(Tensor scores, Tensor hidden) {
    return scores.maskedFill(hidden, Double.NEGATIVE_INFINITY);
  }

  /**
   * The chunk that each token is in and the one after it, {@code [B, chunks, size, rounds]} each: a
   * key stands in a query's chunk or the one before it in as many rounds as one of these equals the
   * query's chunk.
   */
  private List<Tensor> placesByRound(Chunks chunks) {
    Tensor here = chunks.buckets().places().floorDiv(bucketSize);
    Tensor next = here.add(1).remainder(chunks.count());
    if (!acrossBuckets) {
      Tensor bucket = chunks.buckets().numbers().mul(chunks.count());
      here = here.add(bucket);
      next = next.add(bucket);
    }
    return List.of(byToken(chunks, here), byToken(chunks, next));
  }

  private static Tensor byToken(Chunks chunks, Tensor places) {
    return chunks.cut(places.unflatten(1, chunks.rounds(), chunks.length()).transpose(1, 2));
  }

  /** Round by round, so that no tensor holds all pairs of all rounds. */
  private static Tensor met(Tensor queries, Tensor keys, DType dtype) {
    Tensor sum = Tensor.scalar(0, dtype);
    for (long round = 0; round < queries.size(-1); round++) {
      Tensor query = queries.select(-1, round).unsqueeze(-1);
      Tensor key = keys.select(-1, round).unsqueeze(-2);
      Tensor before = sum;
      sum = TensorScope.run(() -> before.add(query.eq(key).to(dtype)));
    }
    return sum;
  }

  /** Each chunk with the one before it behind; the first chunk's is the very last. */
  private static Tensor andPrevious(Tensor x) {
    return Tensor.cat(List.of(x, x.roll(1, 1)), 2);
  }

  private static Tensor dense(Chunks chunks, Tensor weights, Tensor share) {
    long batch = weights.size(0);
    long rounds = chunks.rounds();
    long length = chunks.length();
    Tensor pairs =
        chunks
            .tokens()
            .unsqueeze(-1)
            .mul(length)
            .add(andPrevious(chunks.tokens()).unsqueeze(-2))
            .reshape(batch, rounds, -1);
    return Tensor.zeros(Shape.of(batch, rounds, length * length), weights.dtype())
        .scatterAdd(2, pairs, weights.reshape(batch, rounds, -1))
        .reshape(batch, rounds, length, length)
        .mul(share)
        .sum(1, false);
  }
}
