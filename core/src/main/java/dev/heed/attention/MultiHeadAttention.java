package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.attention.HeadChange.Places;
import dev.heed.attention.HeadProjections.Borrowed;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Gated;
import dev.heed.attention.HeadProjections.Separate;
import dev.heed.attention.position.Grid;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.TokenGrids;
import dev.heed.nn.JointLinear;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several attentions side by side: {@code concat(attendₕ(x·Wqₕ, y·Wkₕ, y·Wvₕ)) · Wo} (Vaswani et
 * al. 2017, section 3.2.2), with fewer key heads than query heads where the key projection is
 * narrower (grouped queries; Ainslie et al. 2023).
 *
 * <p>Trace points: {@code q}, {@code k}, {@code v} {@code [B, H, T, D]} of this call's tokens;
 * {@code keys}, {@code values} {@code [B, Hkv, Tk, D]} as the mechanism reads them, those of
 * earlier calls first, where a change may put more in front, which every query then sees; {@code
 * scores} and {@code pattern} {@code [B, H, Tq, Tk]} of mechanisms that have them, {@code z} {@code
 * [B, H, Tq, D]} before a gate.
 */
public final class MultiHeadAttention extends Module implements SequenceMixer, CrossMixer {
  /** A window that never forgets. */
  private static final long ALL = Long.MAX_VALUE;

  private final HeadProjections projections;
  private final @Nullable JointLinear joint;
  private final int heads;
  private final long headSize;
  private final List<HeadChange> changes;
  private final @Nullable LengthwiseKeys lengthwise;
  private final AttentionMechanism mechanism;
  private final long remembered;
  private final boolean lends;

  /** Exact scaled dot-product attention without rotary positions. */
  public MultiHeadAttention(Weights weights, HeadProjections projections, int heads) {
    this(weights, projections, heads, List.of(), new ScaledDotProduct());
  }

  /**
   * Any mechanism.
   *
   * @param heads how many query heads; the number of key heads follows from the key projection
   * @param rotary turns queries and keys, or null
   * @throws ShapeException if the projections cannot be cut into heads
   */
  public MultiHeadAttention(
      Weights weights,
      HeadProjections projections,
      int heads,
      AttentionMechanism mechanism,
      @Nullable RotaryPositions rotary) {
    this(
        weights,
        projections,
        heads,
        rotary == null ? List.of() : List.of(HeadChange.rotary(rotary)),
        mechanism);
  }

  /**
   * Any mechanism after any changes of queries and keys.
   *
   * @param heads how many query heads; the number of key heads follows from the projections
   * @param changes of queries and keys, in order
   * @throws ShapeException if the projections cannot be cut into heads
   */
  public MultiHeadAttention(
      Weights weights,
      HeadProjections projections,
      int heads,
      List<HeadChange> changes,
      AttentionMechanism mechanism) {
    super(weights);
    this.projections = projections;
    this.joint =
        switch (projections) {
          case Separate(Linear query, Linear key, Linear value, Linear output) ->
              new JointLinear(weights, query, key, value);
          case Gated(Linear query, Linear key, Linear value, Linear output) ->
              new JointLinear(weights, query, key, value);
          default -> null;
        };
    this.heads = heads;
    this.headSize = headSize(projections, heads);
    this.changes = List.copyOf(changes);
    this.lengthwise = LengthwiseKeys.of(changes);
    this.mechanism = mechanism;
    this.remembered = ALL;
    this.lends = false;
  }

  private MultiHeadAttention(
      MultiHeadAttention other, AttentionMechanism mechanism, long remembered, boolean lends) {
    super(other);
    this.projections = other.projections;
    this.joint = other.joint;
    this.heads = other.heads;
    this.headSize = other.headSize;
    this.changes = other.changes;
    this.lengthwise = other.lengthwise;
    this.mechanism = mechanism;
    this.remembered = remembered;
    this.lends = lends;
  }

  /** The same projections, read by another mechanism. */
  public MultiHeadAttention with(AttentionMechanism other) {
    return new MultiHeadAttention(this, other, remembered, lends);
  }

  /**
   * The same, which while decoding forgets the tokens that a sliding window no longer reaches.
   *
   * @param window keys that a query sees, its own included; the request's mask says so too
   */
  public MultiHeadAttention remembering(long window) {
    return new MultiHeadAttention(this, mechanism, Math.subtractExact(window, 1), lends);
  }

  /**
   * The same, whose keys and values {@linkplain HeadProjections.Borrowed later layers} read too.
   */
  public MultiHeadAttention lending() {
    return new MultiHeadAttention(this, mechanism, remembered, true);
  }

  /**
   * Whether a query's result follows from the query and the keys that it sees, whatever their
   * places and whatever the other queries: {@link #cross} gives it for some queries alone then.
   */
  public boolean isWithoutPlaces() {
    return projections instanceof Separate
        && changes.isEmpty()
        && mechanism instanceof ScaledDotProduct
        && remembered == ALL
        && !lends;
  }

  private static long headSize(HeadProjections projections, int heads) {
    long queries;
    long keys;
    switch (projections) {
      case Separate separate -> {
        queries = separate.query().out();
        keys = separate.key().out();
      }
      case Gated gated -> {
        queries = gated.query().out() % 2 == 0 ? gated.query().out() / 2 : -1;
        keys = gated.key().out();
      }
      case Fused fused -> {
        long together = heads + 2L * fused.keyHeads();
        keys = fused.joint().out() / together * fused.keyHeads();
        queries =
            fused.joint().out() % together == 0 && heads % fused.keyHeads() == 0
                ? fused.joint().out() / together * heads
                : -1;
      }
      case Borrowed borrowed -> {
        queries = borrowed.query().out();
        keys = queries / heads * borrowed.keyHeads();
      }
    }
    if (heads < 1 || queries % heads != 0 || keys % (queries / heads) != 0) {
      throw new ShapeException(
          "multi-head attention: expected projections that "
              + heads
              + " heads divide, got "
              + queries
              + " for queries and "
              + keys
              + " for keys");
    }
    return queries / heads;
  }

  /** Self-attention. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      if (projections instanceof Fused fused) {
        List<Tensor> parts =
            fused.layout().split(fused.joint().apply(x), heads, fused.keyHeads(), headSize);
        return attend(parts.get(0), parts.get(1), parts.get(2), null, request);
      }
      if (projections instanceof Borrowed borrowed) {
        return borrow(borrowed, x, request);
      }
      List<Tensor> projected = java.util.Objects.requireNonNull(joint).apply(x);
      Tensor queries = split(projected.get(0), heads); // [B, H, T, D], or 2D with a gate behind
      return attend(
          queries.narrow(-1, 0, headSize),
          split(projected.get(1), keyHeads()),
          split(projected.get(2), keyHeads()),
          projections instanceof Gated ? queries.narrow(-1, headSize, headSize) : null,
          request);
    });
  }

  /**
   * Attention of one sequence to another.
   *
   * @param query {@code [B, Tq, in]}
   * @param key {@code [B, Tk, in]}
   * @param value {@code [B, Tk, in]}
   * @param request with a state, {@code key} and {@code value} are the new tokens only
   * @return {@code [B, Tq, out]}, owned by the current scope
   */
  public AttentionOutput apply(Tensor query, Tensor key, Tensor value, AttentionRequest request) {
    Separate maps = separate("attention of one sequence to another");
    return TensorScope.run(() ->
        attend(
            split(maps.query().apply(query), heads),
            split(maps.key().apply(key), keyHeads()),
            split(maps.value().apply(value), keyHeads()),
            null,
            request));
  }

  /**
   * Attention of a segment to what came before it and to itself (Dai et al. 2019, section 3.2).
   *
   * @param memory {@code [B, M, in]}, M may be 0
   * @param x {@code [B, T, in]}
   * @param request whose mask has {@code M + T} keys
   * @return {@code [B, T, out]}, owned by the current scope
   */
  public AttentionOutput behind(Tensor memory, Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor seen = memory.size(1) == 0 ? x : Tensor.cat(List.of(memory, x), 1);
      if (!(projections instanceof Fused fused)) {
        return apply(x, seen, seen, request);
      }
      List<Tensor> parts =
          fused.layout().split(fused.joint().apply(seen), heads, fused.keyHeads(), headSize);
      Tensor own = parts.get(0).narrow(2, memory.size(1), x.size(1));
      return attend(own, parts.get(1), parts.get(2), null, request);
    });
  }

  /**
   * Attention to a sequence that stays the same while this one grows, such as an encoder's output:
   * with a state its keys and values are computed at the first call only.
   *
   * @param x {@code [B, Tq, in]}
   * @param memory {@code [B, Tk, in]}
   * @param request whose mask has Tk keys
   */
  @Override
  public AttentionOutput cross(Tensor x, Tensor memory, AttentionRequest request) {
    Separate maps = separate("attention to a memory");
    return TensorScope.run(() -> {
      Tensor q = split(maps.query().apply(x), heads);
      DecodeState state = request.state();
      Tensor k = remembered(state, "k", maps.key(), memory);
      Tensor v = remembered(state, "v", maps.value(), memory);
      return attend(q, k, v, null, request.withState(null));
    });
  }

  private Tensor remembered(@Nullable DecodeState state, String name, Linear map, Tensor memory) {
    return state == null
        ? split(map.apply(memory), keyHeads())
        : state.once(point(name), () -> split(map.apply(memory), keyHeads()));
  }

  private Separate separate(String what) {
    if (projections instanceof Separate separate) {
      return separate;
    }
    throw new UnsupportedOperationException(
        what + ": expected separate projections, got others, which read one sequence");
  }

  /**
   * From heads {@code [B, H, T, D]} on.
   *
   * @param gate of what each head gives before its sigmoid, or null for none
   */
  private AttentionOutput attend(
      Tensor query, Tensor key, Tensor value, @Nullable Tensor gate, AttentionRequest request) {
    AttentionRequest named = request.at(tracePath());
    Grid grid = request.grid();
    if (grid != null) {
      named.place(new TokenGrids(grid, grid, 0));
    }
    Places places = new Places(request.positions(), named.past(), grid);
    Tensor q = query;
    Tensor k = key;
    Tensor v = value;
    for (HeadChange change : changes) {
      q = change.queries(q, places);
      k = change.keys(k, places);
      v = change.values(v, places);
    }
    q = named.visit("q", q);
    k = named.visit("k", k);
    v = named.visit("v", v);
    DecodeState state = request.state();
    if (state != null) {
      Entry all = remember(state.keys(tracePath()), new Entry(k, v), places);
      k = all.keys();
      v = all.values();
    }
    if (lends && request.shared() != null) {
      request.shared().lend(tracePath(), new Entry(k, v));
    }
    AttentionOutput output = read(q, k, v, gate, named);
    if (state != null && remembered != ALL) {
      state.keys(tracePath()).keepLast(remembered);
    }
    return output;
  }

  private AttentionOutput read(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor gate, AttentionRequest named) {
    Tensor keys = named.visit("keys", k);
    Tensor values = named.visit("values", v);
    AttentionRequest behind = named.behindPrefix((int) (keys.size(2) - k.size(2)));
    AttentionOutput heard = mechanism.apply(q, keys, values, behind);
    Tensor z = named.visit("z", heard.output());
    Tensor passed = gate == null ? z : z.mul(gate.sigmoid());
    return new AttentionOutput(project(passed), heard.weights());
  }

  /** From queries alone, with the keys and values of an earlier layer. */
  private AttentionOutput borrow(Borrowed maps, Tensor x, AttentionRequest request) {
    AttentionRequest named = request.at(tracePath());
    DecodeState state = request.state();
    Places places =
        new Places(request.positions(), state == null ? 0 : state.length(), request.grid());
    Tensor q = split(maps.query().apply(x), heads);
    for (HeadChange change : changes) {
      q = change.queries(q, places);
    }
    SharedKeys shared = request.shared();
    if (shared == null) {
      throw new IllegalArgumentException(
          path() + ": expected a call whose layers lend each other keys, got another");
    }
    Entry lent = shared.borrow(maps.lender(), request.trace());
    return read(named.visit("q", q), lent.keys(), lent.values(), null, named);
  }

  private Entry remember(GrowingKeys kept, Entry more, Places places) {
    if (lengthwise == null) {
      return kept.append(more.keys(), more.values());
    }
    if (!lengthwise.change().equals(changes.getLast())) {
      throw new UnsupportedOperationException(
          "decoding where rotary positions depend on the length: expected them to be the last"
              + " change of queries and keys, got "
              + changes);
    }
    return lengthwise.append(kept, more, places.of(more.keys()));
  }

  /** How many heads keys and values have. */
  public int keyHeads() {
    return switch (projections) {
      case Separate separate -> (int) (separate.key().out() / headSize);
      case Gated gated -> (int) (gated.key().out() / headSize);
      case Fused fused -> fused.keyHeads();
      case Borrowed borrowed -> borrowed.keyHeads();
    };
  }

  private static Tensor split(Tensor x, int heads) {
    return HeadProjections.Layout.split(x, heads);
  }

  /** {@code [B, H, T, D]} to {@code [B, T, H·D]} and through the output projection. */
  private Tensor project(Tensor z) {
    Tensor together = z.transpose(1, 2).flatten(2, 3);
    Linear output = projections.output();
    return output == null ? together : output.apply(together);
  }

  /** The maps that make queries, keys and values, and join the heads. */
  public HeadProjections projections() {
    return projections;
  }

  /** How many query heads there are. */
  public int heads() {
    return heads;
  }

  /** The size of each head's queries and keys. */
  public int headSize() {
    return Math.toIntExact(headSize);
  }
}
