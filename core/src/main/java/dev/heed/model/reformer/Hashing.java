package dev.heed.model.reformer;

import dev.heed.attention.sparse.AdjacentChunks;
import dev.heed.model.reformer.ReformerAttention.Call;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hashes vectors by random rotations, {@code argmax([x·R | -x·R])} for each factor of the number of
 * buckets (Kitaev et al. 2020, section 2). Padding has a bucket of its own, the last.
 *
 * <p>A call may bring its rotations, {@code lsh_rotations.N} {@code [heads, head size, rounds, sum
 * of factors / 2]}, or its buckets, {@code lsh_buckets.N} i64 {@code [B, heads, rounds · T]};
 * without them the rotations are drawn from the config's seed, as the reference draws them.
 *
 * @param config sizes and seed
 */
record Hashing(ReformerConfig config) {
  /**
   * Hashed tokens.
   *
   * @param buckets i64 {@code [B, H, rounds · T]}; round r counts from {@code r · buckets}
   * @param order i64: which entry stands at each sorted place
   * @param places i64: the sorted place of each entry
   * @param count the factors of the number of buckets
   */
  record Hashed(Tensor buckets, Tensor order, Tensor places, List<Integer> count) {
    /** The factors, for each sequence: i64 {@code [B, factors]}. */
    Tensor factors(long batch) {
      return Tensor.of(count.stream().mapToLong(i -> i).toArray()).unsqueeze(0).repeat(batch, 1);
    }
  }

  /**
   * Hashes a text.
   *
   * @param vectors {@code [B, H, T, D]}
   */
  Hashed of(Tensor vectors, Call call) {
    long time = vectors.size(2);
    List<Integer> factors = config.buckets(time);
    Tensor given = call.run().input().get("lsh_buckets." + call.layer());
    Tensor rotations = call.run().input().get("lsh_rotations." + call.layer());
    Tensor buckets =
        given == null
            ? numbers(vectors, rotations, factors, call.there(), call.there() != null).flatten(2, 3)
            : given;
    Tensor place = Tensor.arange(time, DType.I64).repeat(config.numHashes());
    Tensor order = buckets.mul(time).add(place).sort(-1, false).indices();
    return new Hashed(buckets, order, order.sort(-1, false).indices(), factors);
  }

  /**
   * The buckets of one new token.
   *
   * @param vector {@code [B, H, 1, D]}
   * @param before buckets of those before, {@code [B, H, rounds, T]}
   * @param factors of the number of buckets
   * @return {@code [B, H, rounds, 1]}
   */
  Tensor next(Tensor vector, Tensor before, @Nullable Tensor factors, Call call) {
    long[] kept = Objects.requireNonNull(factors).select(0, 0).toLongArray();
    List<Integer> count = java.util.Arrays.stream(kept).mapToObj(Math::toIntExact).toList();
    int product = count.stream().reduce(1, Math::multiplyExact);
    // Rounds count one bucket more each if padding had one.
    boolean padded = before.max().itemLong() > (long) config.numHashes() * product - 1;
    Tensor rotations = call.run().input().get("lsh_rotations." + call.layer());
    return numbers(vector, rotations, count, null, padded);
  }

  /** {@code [B, H, rounds, T]}. */
  private Tensor numbers(
      Tensor vectors,
      @Nullable Tensor given,
      List<Integer> factors,
      @Nullable Tensor there,
      boolean padded) {
    int rounds = config.numHashes();
    Tensor rotations = given == null ? drawn(vectors, factors) : given.to(vectors.dtype());
    Tensor rotated = Tensor.einsum("bmtd,mdhr->bmhtr", vectors.detach(), rotations.detach());
    Tensor buckets = null;
    long from = 0;
    long product = 1;
    for (int factor : factors) {
      Tensor part = rotated.narrow(-1, from, factor / 2);
      Tensor number = Tensor.cat(List.of(part, part.neg()), -1).argmax(-1, false).mul(product);
      buckets = buckets == null ? number : buckets.add(number);
      from += factor / 2;
      product *= factor;
    }
    Tensor found = Objects.requireNonNull(buckets);
    if (there != null) {
      found = found.maskedFill(there.not().unsqueeze(1).unsqueeze(1), product);
    }
    Tensor offsets =
        Tensor.arange(rounds, DType.I64).mul(product + (padded ? 1 : 0)).view(1, 1, rounds, 1);
    return found.add(offsets);
  }

  private Tensor drawn(Tensor vectors, List<Integer> factors) {
    long seed = config.hashSeed() == null ? 0 : config.hashSeed();
    long half = factors.stream().mapToLong(i -> i).sum() / 2;
    Shape shape = Shape.of(vectors.size(1), vectors.size(3), config.numHashes(), half);
    return Tensor.randn(new Generator(seed), shape, DType.F32).to(vectors.dtype());
  }

  /**
   * Which tokens stand in the chunk that the last one falls into, and in its neighbours.
   *
   * @param buckets {@code [B, H, rounds, T]}
   * @return i64 {@code [B, H, rounds, seen]}
   */
  static Tensor inChunkOfLast(Tensor buckets, AdjacentChunks chunks) {
    long time = buckets.size(3);
    Tensor order = buckets.mul(time).add(Tensor.arange(time, DType.I64)).sort(-1, false).indices();
    Tensor place = order.eq(time - 1).to(DType.I64).argmax(-1, true); // [B, H, rounds, 1]
    Tensor first = place.floorDiv(chunks.length()).sub(chunks.before()).mul(chunks.length());
    Tensor seen = first.add(Tensor.arange(chunks.seen(), DType.I64)).remainder(time);
    return order.gather(3, seen);
  }
}
