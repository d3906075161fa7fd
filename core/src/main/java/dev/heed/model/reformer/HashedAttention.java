package dev.heed.model.reformer;

import dev.heed.attention.DecodeState;
import dev.heed.attention.sparse.AdjacentChunks;
import dev.heed.model.reformer.Hashing.Hashed;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attention among tokens that hash alike (Kitaev et al. 2020, section 2): sorted by bucket, cut
 * into chunks that see their neighbours, in several rounds, which count by their log-sum-exp.
 * Queries are keys as well; of a short text all is seen.
 */
final class HashedAttention extends ReformerAttention {
  private static final double EPSILON = 1e-6;

  private final ReformerConfig config;
  private final AdjacentChunks chunks;
  private final Hashing hashing;
  private final Linear queryAndKey;
  private final Linear value;
  private final Dropout dropout;

  HashedAttention(Weights weights, ReformerConfig config) {
    super(weights, config.numAttentionHeads());
    this.config = config;
    chunks = config.alike();
    hashing = new Hashing(config);
    long all = (long) config.numAttentionHeads() * config.attentionHeadSize();
    queryAndKey = Linear.of(weights.child("query_key"), config.hiddenSize(), all, false);
    value = Linear.of(weights.child("value"), config.hiddenSize(), all, false);
    dropout = new Dropout(config.lshAttentionProbsDropoutProb());
  }

  @Override
  Tensor apply(Tensor x, Call call) {
    DecodeState state = call.run().state();
    Tensor past = state == null ? null : state.get(point("states"));
    if (state == null || past == null) {
      return x.size(1) <= chunks.length()
          ? whole(x, x, call, keep(state, null, x, call))
          : hashed(x, call, state);
    }
    Tensor buckets = state.get(point("buckets"));
    Tensor all = keep(state, past, x, call);
    return buckets == null ? whole(x, all, call, all) : next(x, all, buckets, call, state);
  }

  /** Keeps the states of the text, and gives all so far. */
  private Tensor keep(@Nullable DecodeState state, @Nullable Tensor past, Tensor x, Call call) {
    Tensor own = x.narrow(1, 0, call.length());
    Tensor all = past == null ? own : Tensor.cat(List.of(past, own), 1);
    if (state != null) {
      state.replace(point("states"), all);
    }
    return all;
  }

  /** All of a short text; {@code seen} ends with {@code x}. */
  private Tensor whole(Tensor x, Tensor seen, Call call, Tensor kept) {
    Tensor q = split(queryAndKey.apply(x));
    long time = seen.size(1);
    Tensor keys = Tensor.arange(time, DType.I64).view(1, 1, time);
    Tensor queries = keys.narrow(2, time - x.size(1), x.size(1));
    Tensor there =
        call.there() == null || call.there().size(1) != time ? null : call.there().unsqueeze(1);
    Read read =
        read(
            q,
            normed(split(queryAndKey.apply(seen))),
            split(value.apply(seen)),
            hidden(config.isDecoder(), queries, keys, there),
            queries.unsqueeze(-1).eq(keys.unsqueeze(-2)),
            dropout,
            call.trace());
    call.run().weights("attentions", read.weights());
    if (time == x.size(1)) {
      show(call, read::weights);
    }
    return joined(read.output());
  }

  private Tensor hashed(Tensor x, Call call, @Nullable DecodeState state) {
    Tensor shared = split(queryAndKey.apply(x)); // [B, H, T, D]
    long time = x.size(1);
    int rounds = config.numHashes();
    Hashed hashed = hashing.of(shared, call);
    if (state != null) {
      keep(state, null, x, call);
      Tensor byRound = hashed.buckets().unflatten(2, rounds, time);
      state.replace(point("buckets"), byRound.narrow(3, 0, call.length()));
      state.replace(point("factors"), hashed.factors(x.size(0)));
    }
    Tensor tokens = hashed.order().remainder(time); // [B, H, rounds · T]
    Tensor q = chunks.cut(sorted(shared, tokens));
    Tensor k = chunks.beside(normed(q));
    Tensor v = chunks.beside(chunks.cut(sorted(split(value.apply(x)), tokens)));
    Tensor queries = chunks.cut(tokens);
    Tensor keys = chunks.beside(queries);
    Tensor there = call.there() == null ? null : presentAt(call.there(), tokens);
    Read read =
        read(
            q,
            k,
            v,
            hidden(
                config.isDecoder(),
                queries,
                keys,
                there == null ? null : chunks.beside(chunks.cut(there))),
            queries.unsqueeze(-1).eq(keys.unsqueeze(-2)),
            dropout,
            call.trace());
    call.run().weights("attentions", read.weights());
    Tensor output = restored(read.output().flatten(2, 3), hashed, rounds);
    Tensor share = restored(read.logSum().flatten(2, 3), hashed, rounds).softmax(2);
    show(
        call,
        () ->
            restored(placed(read.weights(), keys, time).flatten(2, 3), hashed, rounds)
                .mul(share)
                .sum(2, false));
    return joined(output.mul(share).sum(2, false));
  }

  /** {@code [B, H, T, D]} by token, in sorted order {@code [B, H, rounds · T, D]}. */
  private static Tensor sorted(Tensor x, Tensor tokens) {
    return x.gather(2, tokens.unsqueeze(-1).expand(-1, -1, -1, x.size(-1)));
  }

  private static Tensor presentAt(Tensor there, Tensor tokens) {
    return there
        .to(DType.I64)
        .unsqueeze(1)
        .expand(tokens.size(0), tokens.size(1), there.size(1))
        .gather(2, tokens)
        .ne(0);
  }

  /** {@code [B, H, rounds · T, D]} in sorted order back to {@code [B, H, rounds, T, D]}. */
  private static Tensor restored(Tensor x, Hashed hashed, int rounds) {
    Tensor index = hashed.places().unsqueeze(-1).expand(-1, -1, -1, x.size(-1));
    return x.gather(2, index).unflatten(2, rounds, x.size(2) / rounds);
  }

  /** One new token, which reads the chunk it falls into, and those before it, in each round. */
  private Tensor next(Tensor x, Tensor all, Tensor buckets, Call call, DecodeState state) {
    if (x.size(1) != 1) {
      throw new IllegalArgumentException(
          "input_ids: expected one token a call after the first, got " + x.size(1));
    }
    Tensor q = split(queryAndKey.apply(x)); // [B, H, 1, D]
    Tensor factors = state.get(point("factors"));
    Tensor own = hashing.next(q, buckets, factors, call); // [B, H, rounds, 1]
    Tensor known = Tensor.cat(List.of(buckets, own), -1);
    state.replace(point("buckets"), known);
    Tensor tokens = Hashing.inChunkOfLast(known, chunks); // [B, H, rounds, seen]
    long time = all.size(1);
    Tensor source = call.asRecorded() ? all.narrow(0, 0, 1).expand(all.size(0), -1, -1) : all;
    Tensor k = byRound(normed(split(queryAndKey.apply(source))), tokens);
    Tensor v = byRound(split(value.apply(source)), tokens);
    Tensor self = tokens.eq(time - 1).unsqueeze(-2);
    Tensor query = q.unsqueeze(2).expand(-1, -1, tokens.size(2), -1, -1);
    Read read = read(query, k, v, null, self, dropout, call.trace());
    call.run().weights("attentions", read.weights());
    Tensor share = read.logSum().softmax(2);
    return joined(read.output().mul(share).sum(2, false));
  }

  /** {@code [B, H, T, D]} by token as {@code [B, H, rounds, seen, D]}. */
  private static Tensor byRound(Tensor x, Tensor tokens) {
    return sorted(x, tokens.flatten(2, 3)).unflatten(2, tokens.size(2), tokens.size(3));
  }

  /** {@code k / (√(mean k²) · √D)}. */
  private Tensor normed(Tensor keys) {
    Tensor scale = keys.square().mean(-1, true).add(EPSILON).rsqrt();
    return keys.mul(scale).div(Math.sqrt(config.attentionHeadSize()));
  }
}
