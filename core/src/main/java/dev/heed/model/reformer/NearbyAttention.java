package dev.heed.model.reformer;

import dev.heed.attention.DecodeState;
import dev.heed.attention.sparse.AdjacentChunks;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention of each chunk to itself and its neighbours; of a short text to all of it. */
final class NearbyAttention extends ReformerAttention {
  private final ReformerConfig config;
  private final AdjacentChunks chunks;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Dropout dropout;

  NearbyAttention(Weights weights, ReformerConfig config) {
    super(weights, config.numAttentionHeads());
    this.config = config;
    chunks = config.nearby();
    long all = (long) config.numAttentionHeads() * config.attentionHeadSize();
    query = Linear.of(weights.child("query"), config.hiddenSize(), all, false);
    key = Linear.of(weights.child("key"), config.hiddenSize(), all, false);
    value = Linear.of(weights.child("value"), config.hiddenSize(), all, false);
    dropout = new Dropout(config.localAttentionProbsDropoutProb());
  }

  @Override
  Tensor apply(Tensor x, Call call) {
    DecodeState state = call.run().state();
    Tensor past = state == null ? null : state.get(point("states"));
    if (state == null) {
      return whole(x, call);
    }
    Tensor own = x.narrow(1, 0, call.length());
    Tensor all = past == null ? own : Tensor.cat(List.of(past, own), 1);
    Tensor read = past == null ? whole(x, call) : next(x, past, call);
    state.replace(point("states"), all);
    return read;
  }

  private Tensor whole(Tensor x, Call call) {
    Tensor q = split(query.apply(x));
    Tensor k = scaled(key.apply(x));
    Tensor v = split(value.apply(x));
    long time = x.size(1);
    Tensor places = Tensor.arange(time, DType.I64).view(1, 1, time);
    Tensor there = call.there() == null ? null : call.there().unsqueeze(1);
    if (time <= chunks.length()) {
      Tensor hidden = hidden(config.isDecoder(), places, places, there);
      Read read = read(q, k, v, hidden, null, dropout, call.trace());
      call.run().weights("attentions", read.weights());
      show(call, read::weights);
      return joined(read.output());
    }
    Tensor cut = chunks.cut(places);
    Tensor hidden =
        hidden(
            config.isDecoder(),
            cut,
            chunks.beside(cut),
            there == null ? null : chunks.beside(chunks.cut(there)));
    Read read =
        read(
            chunks.cut(q),
            chunks.beside(chunks.cut(k)),
            chunks.beside(chunks.cut(v)),
            hidden,
            null,
            dropout,
            call.trace());
    call.run().weights("attentions", read.weights());
    show(call, () -> placed(read.weights(), chunks.beside(cut), time).flatten(2, 3));
    return joined(read.output().flatten(2, 3));
  }

  /** New tokens, which see those of their chunk and of the chunks before it. */
  private Tensor next(Tensor x, Tensor past, Call call) {
    long from = (past.size(1) / chunks.length() - chunks.before()) * chunks.length();
    // A beginning before the text counts from its end, as in the reference.
    long first = from < 0 ? Math.max(0, past.size(1) + from) : from;
    Tensor seen = Tensor.cat(List.of(past.narrow(1, first, past.size(1) - first), x), 1);
    Read read =
        read(
            split(query.apply(x)),
            scaled(key.apply(seen)),
            split(value.apply(seen)),
            later(x.size(1), seen.size(1)),
            null,
            dropout,
            call.trace());
    call.run().weights("attentions", read.weights());
    return joined(read.output());
  }

  /** Of several new tokens the later ones; null for a single one. */
  private static @Nullable Tensor later(long queries, long keys) {
    return queries == 1
        ? null
        : Tensor.arange(queries, DType.I64)
            .add(keys - queries)
            .unsqueeze(-1)
            .lt(Tensor.arange(keys, DType.I64));
  }

  private Tensor scaled(Tensor keys) {
    return split(keys).div(Math.sqrt(config.attentionHeadSize()));
  }
}
