package dev.heed.model.xlnet;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.position.RelativeSinusoids;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of XLNet: two-stream attention, then a feed-forward network, each with a norm after its
 * sum (Yang et al. 2019, section 2.3).
 *
 * <p>Both streams read the keys and values of the content stream; the query stream's own are never
 * read. Scores are {@code ((q_i + u) · k_j + (q_i + v) · W r_{i-j} + (q_i + s) · e[i, j]) / √D}
 * with {@code e} one vector for tokens of one segment and another for those of two (section 2.5).
 *
 * <p>Trace points: {@code resid_pre}, {@code resid_post}, and below {@code rel_attn} {@code k},
 * {@code v} and, for each stream, {@code content.q}, {@code content.pattern}, {@code query.z} ….
 */
final class XlnetLayer extends Module {
  private final XlnetConfig config;
  private final Tensor queries;
  private final Tensor keys;
  private final Tensor values;
  private final Tensor output;
  private final RelativeSinusoids positions;
  private final Tensor segmentBias;
  private final Tensor segments;
  private final LayerNorm norm;
  private final FeedForward feedForward;
  private final LayerNorm lastNorm;
  private final Dropout dropout;
  private final String attentionPath;

  /**
   * The states of both streams.
   *
   * @param content {@code [B, T, H]}
   * @param query {@code [B, P, H]}, or null where nothing is predicted out of order
   */
  record Streams(Tensor content, @Nullable Tensor query) {
    /** Side by side, {@code [B, T + P, H]}. */
    Tensor together() {
      return query == null ? content : Tensor.cat(List.of(content, query), 1);
    }

    /** Apart again. */
    static Streams of(Tensor together, long tokens) {
      long more = together.size(1) - tokens;
      return more == 0
          ? new Streams(together, null)
          : new Streams(together.narrow(1, 0, tokens), together.narrow(1, tokens, more));
    }
  }

  /**
   * What a layer gives.
   *
   * @param states {@code [B, T + P, H]}
   * @param content weights of the content stream, {@code [B, H, T, M + T]}, if they are wanted
   * @param query weights of the query stream at every place, the same shape
   */
  record Result(Tensor states, @Nullable Tensor content, @Nullable Tensor query) {}

  XlnetLayer(Weights weights, XlnetConfig config) {
    super(weights);
    this.config = config;
    this.dropout = new Dropout(config.dropout());
    Weights attention = weights.child("rel_attn");
    this.attentionPath = tracePath() + ".rel_attn";
    Initializer normal = Initializer.normal(0.02);
    long size = config.dModel();
    long heads = config.nHead();
    long head = config.headSize();
    queries = attention.parameter("q", normal, size, heads, head);
    keys = attention.parameter("k", normal, size, heads, head);
    values = attention.parameter("v", normal, size, heads, head);
    output = attention.parameter("o", normal, size, heads, head);
    Tensor map = attention.parameter("r", normal, size, heads, head);
    positions =
        new RelativeSinusoids(
            rows -> rows.matmul(map.flatten(1, 2)),
            size,
            attention.parameter("r_w_bias", normal, heads, head),
            attention.parameter("r_r_bias", normal, heads, head),
            config.distances());
    segmentBias = attention.parameter("r_s_bias", normal, heads, head);
    segments = attention.parameter("seg_embed", normal, 2, heads, head);
    norm = new LayerNorm(attention.child("layer_norm"), config.dModel(), config.layerNormEps());
    Weights inner = weights.child("ff");
    feedForward =
        new FeedForward(
            inner,
            Linear.of(inner.child("layer_1"), size, config.dInner()),
            Linear.of(inner.child("layer_2"), config.dInner(), size),
            config.activation(),
            dropout);
    lastNorm = new LayerNorm(inner.child("layer_norm"), config.dModel(), config.layerNormEps());
  }

  /**
   * One layer: attention of both streams to content and memory, then the feed-forward network.
   *
   * @param both states of the content stream, then of the query stream, {@code [B, T + P, H]}
   * @param tokens T
   * @param memory what the layer remembers, {@code [B, M, H]}
   */
  Result apply(Tensor both, long tokens, Tensor memory, XlnetCall call) {
    return TensorScope.run(() -> {
      Tensor x = call.content().trace().visit(point("resid_pre"), both);
      Streams streams = Streams.of(x, tokens);
      Tensor content = streams.content();
      Tensor seen = memory.size(1) == 0 ? content : Tensor.cat(List.of(memory, content), 1);
      AttentionRequest named = call.content().at(attentionPath);
      Tensor k = named.visit("k", heads(seen, keys));
      Tensor v = named.visit("v", heads(seen, values));
      AttentionMechanism mechanism =
          RelativeAttention.of(
              (q, all, trace) -> scores(q, all, trace, call.differs()), Double.NaN, dropout);
      AttentionOutput own = read(heads(content, queries), k, v, named, "content", mechanism);
      Tensor query = streams.query();
      AttentionOutput other = query == null ? null : atTargets(query, k, v, call, mechanism);
      Tensor mixed =
          new Streams(joined(own.output()), other == null ? null : joined(other.output()))
              .together();
      Tensor attended = norm.apply(x.add(dropout.apply(mixed, named.trace())));
      Tensor fed = dropout.apply(feedForward.apply(attended, named.trace()), named.trace());
      Tensor y = named.trace().visit(point("resid_post"), lastNorm.apply(attended.add(fed)));
      return new Result(y, own.weights(), other == null ? null : other.weights());
    });
  }

  private static AttentionOutput read(
      Tensor q,
      Tensor k,
      Tensor v,
      AttentionRequest request,
      String stream,
      AttentionMechanism mechanism) {
    AttentionRequest named = request.at(request.path() + "." + stream);
    AttentionOutput read = mechanism.apply(named.visit("q", q), k, v, named);
    return new AttentionOutput(named.visit("z", read.output()), read.weights());
  }

  /** The query stream's states are put at their places, read there, and taken back. */
  private AttentionOutput atTargets(
      Tensor query, Tensor k, Tensor v, XlnetCall call, AttentionMechanism mechanism) {
    Tensor targets = java.util.Objects.requireNonNull(call.targets()).to(query.dtype());
    Tensor placed = Tensor.einsum("bhpd,bpt->bhtd", heads(query, queries), targets);
    AttentionRequest named = call.query().at(attentionPath);
    AttentionOutput read = read(placed, k, v, named, "query", mechanism);
    return new AttentionOutput(
        Tensor.einsum("bhtd,bpt->bhpd", read.output(), targets), read.weights());
  }

  private Tensor scores(Tensor q, Tensor k, dev.heed.nn.Trace trace, @Nullable Tensor differs) {
    Tensor byPlace = config.biData() ? bothWays(q, k, trace) : positions.scores(q, k, trace);
    if (differs == null) {
      return byPlace;
    }
    Tensor bySegment = Tensor.einsum("bhqd,shd->bhqs", q.add(segmentBias.unsqueeze(1)), segments);
    Tensor index = differs.unsqueeze(1).expand(q.size(0), q.size(1), q.size(2), differs.size(2));
    return byPlace.add(bySegment.gather(-1, index));
  }

  /** The second half of the batch is read backwards. */
  private Tensor bothWays(Tensor q, Tensor k, dev.heed.nn.Trace trace) {
    long half = q.size(0) / 2;
    long rest = q.size(0) - half;
    Tensor forwards = positions.scores(q.narrow(0, 0, half), k.narrow(0, 0, half), trace);
    Tensor backwards =
        positions.backwards().scores(q.narrow(0, half, rest), k.narrow(0, half, rest), trace);
    return Tensor.cat(List.of(forwards, backwards), 0);
  }

  /** {@code [B, T, H]} by {@code [H, heads, D]} to {@code [B, heads, T, D]}. */
  private Tensor heads(Tensor x, Tensor map) {
    return x.matmul(map.flatten(1, 2))
        .unflatten(-1, config.nHead(), config.headSize())
        .transpose(1, 2);
  }

  /** {@code [B, heads, T, D]} to {@code [B, T, H]}. */
  private Tensor joined(Tensor z) {
    return z.transpose(1, 2).flatten(2, 3).linear(output.flatten(1, 2), null);
  }
}
