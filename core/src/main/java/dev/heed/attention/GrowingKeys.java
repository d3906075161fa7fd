package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of one attention layer: appended to without copying what is there, and
 * forgotten at the front where a sliding window no longer reaches it. Where they are kept in bytes
 * ({@link ByteGroups}), a call attends to its own keys and values as they are, and to those of
 * earlier calls as they were kept.
 */
public final class GrowingKeys {
  private static final long FIRST_CAPACITY = 64;

  /** What is kept of each token, {@code [B, heads or 1, capacity, …]}. */
  private enum Part {
    KEYS,
    VALUES,
    PLACES,
    KEY_RANGES,
    VALUE_RANGES
  }

  private final Map<Part, Tensor> buffers = new EnumMap<>(Part.class);
  private final @Nullable ByteGroups bytes;
  private @Nullable UnaryOperator<Entry> expansion;
  private DType type = DType.F32;
  private long firstLength;
  private long start;
  private long end;
  private long taken;

  /**
   * Nothing yet.
   *
   * @param bytes how keys and values are kept in bytes, or null for as they are
   */
  GrowingKeys(@Nullable ByteGroups bytes) {
    this.bytes = bytes;
  }

  /** How many tokens were appended, forgotten ones included. */
  public long length() {
    return taken;
  }

  /** How many tokens are remembered. */
  public long kept() {
    return end - start;
  }

  /** How many bytes of memory are held for tokens so far and to come. */
  public long heldBytes() {
    return buffers.values().stream()
        .mapToLong(buffer -> buffer.elements() * buffer.dtype().bytes())
        .sum();
  }

  /**
   * Requires that what is kept is kept as it is.
   *
   * @param what is kept, for the message
   * @throws IllegalArgumentException if keys and values are to be kept in bytes
   */
  public GrowingKeys exact(String what) {
    if (bytes != null) {
      throw new IllegalArgumentException(
          "cache_implementation: expected, for keys and values in bytes, a model that keeps those"
              + " of each head, got one that keeps "
              + what);
    }
    return this;
  }

  /**
   * Remembers more tokens.
   *
   * @param k {@code [B, Hkv, new, D]}
   * @param v {@code [B, Hkv, new, Dv]}
   * @return all so far, as views owned by the current scope, valid until the next call
   * @throws ShapeException if the batch, heads or sizes differ from before
   */
  public Entry append(Tensor k, Tensor v) {
    return append(k, v, null);
  }

  /**
   * The same with the tokens' places.
   *
   * @param places i64 {@code [B, new]}; null if none were ever given
   */
  Entry append(Tensor k, Tensor v, @Nullable Tensor places) {
    requireFit(buffers.get(Part.KEYS), k);
    requireFit(buffers.get(Part.VALUES), v);
    Entry before = bytes == null || kept() == 0 ? null : entry();
    Map<Part, Tensor> more = stored(k, v);
    if (places != null) {
      // [B, new] -> [B, 1, new, 1], so that places lie in memory as keys do
      more.put(Part.PLACES, places.unsqueeze(1).unsqueeze(-1));
    }
    long fresh = k.size(2);
    Tensor keys = buffers.get(Part.KEYS);
    if (keys == null || end + fresh > keys.size(2)) {
      long capacity = Math.max(FIRST_CAPACITY, Math.max(2 * kept(), kept() + fresh));
      more.forEach((part, value) -> buffers.put(part, moved(buffers.get(part), value, capacity)));
      end -= start;
      start = 0;
    }
    more.forEach((part, value) -> write(Objects.requireNonNull(buffers.get(part)), value));
    end += fresh;
    taken += fresh;
    if (bytes == null) {
      return entry();
    }
    return before == null
        ? new Entry(k, v)
        : new Entry(
            Tensor.cat(List.of(before.keys(), k), 2), Tensor.cat(List.of(before.values(), v), 2));
  }

  private Map<Part, Tensor> stored(Tensor k, Tensor v) {
    Map<Part, Tensor> more = new EnumMap<>(Part.class);
    if (bytes == null) {
      more.put(Part.KEYS, k);
      more.put(Part.VALUES, v);
      return more;
    }
    type = k.dtype();
    ByteGroups.Coded keys = bytes.encode(k.detach());
    ByteGroups.Coded values = bytes.encode(v.detach());
    more.put(Part.KEYS, keys.codes());
    more.put(Part.VALUES, values.codes());
    more.put(Part.KEY_RANGES, keys.ranges());
    more.put(Part.VALUE_RANGES, values.ranges());
    return more;
  }

  /**
   * What is remembered, owned by the current scope; as views where it is kept as it is.
   *
   * @throws IllegalStateException before the first token
   */
  public Entry entry() {
    if (buffers.isEmpty()) {
      throw new IllegalStateException("keys and values: expected a token first, got none");
    }
    Tensor keys = shown(Part.KEYS);
    Tensor values = shown(Part.VALUES);
    return bytes == null
        ? new Entry(keys, values)
        : new Entry(
            bytes.decode(new ByteGroups.Coded(keys, shown(Part.KEY_RANGES)), type),
            bytes.decode(new ByteGroups.Coded(values, shown(Part.VALUE_RANGES)), type));
  }

  private Tensor shown(Part part) {
    return Objects.requireNonNull(buffers.get(part)).narrow(2, start, end - start);
  }

  /**
   * What attention makes of what is remembered: that itself, or the heads' keys and values where
   * only what they are made of is kept.
   */
  public Entry read() {
    return expansion == null ? entry() : expansion.apply(entry());
  }

  /** Says what attention makes of what is remembered. */
  void readBy(UnaryOperator<Entry> made) {
    expansion = made;
  }

  /** The places of what is remembered, i64 {@code [B, kept]}. */
  Tensor positions() {
    return shown(Part.PLACES).squeeze(-1).squeeze(1);
  }

  /**
   * How long the sequence was after its first call, which is the present one if none was before.
   */
  long firstLength(long now) {
    if (taken == 0) {
      firstLength = now;
    }
    return firstLength;
  }

  /** Forgets all but the last tokens, which a window no longer reaches. */
  public void keepLast(long count) {
    start = Math.max(start, end - count);
  }

  private void write(Tensor buffer, Tensor more) {
    try (Tensor place = buffer.narrow(2, end, more.size(2));
        Tensor plain = more.detach()) {
      place.assign(plain);
    }
  }

  private Tensor moved(@Nullable Tensor buffer, Tensor more, long capacity) {
    Shape shape = Shape.of(more.size(0), more.size(1), capacity, more.size(3));
    Tensor larger = TensorScope.release(TensorScope.run(() -> Tensor.empty(shape, more.dtype())));
    if (buffer != null) {
      try (Tensor from = buffer.narrow(2, start, end - start);
          Tensor to = larger.narrow(2, 0, end - start)) {
        to.assign(from);
      }
      buffer.close();
    }
    return larger;
  }

  private static void requireFit(@Nullable Tensor buffer, Tensor more) {
    if (buffer != null
        && (buffer.size(0) != more.size(0)
            || buffer.size(1) != more.size(1)
            || buffer.size(3) != more.size(3))) {
      throw new ShapeException(
          "cache: expected more tokens of " + buffer.describe() + ", got " + more.describe());
    }
  }

  void reorder(Tensor rows) {
    buffers.replaceAll((part, buffer) -> {
      Tensor chosen = TensorScope.release(TensorScope.run(() -> shown(part).indexSelect(0, rows)));
      buffer.close();
      return chosen;
    });
    end -= start;
    start = 0;
  }

  /** Takes another part's rows behind its own; the shorter of both is filled at the left. */
  void join(GrowingKeys other) {
    if (!buffers.keySet().equals(other.buffers.keySet())) {
      throw new IllegalStateException("decode state: expected parts of one model, got others");
    }
    long longest = Math.max(kept(), other.kept());
    buffers.replaceAll((part, buffer) -> {
      Tensor both =
          TensorScope.release(
              TensorScope.run(() ->
                  Tensor.cat(List.of(filled(part, longest), other.filled(part, longest)), 0)));
      buffer.close();
      return both;
    });
    firstLength = Math.max(firstLength, other.firstLength);
    taken = Math.max(taken, other.taken);
    start = 0;
    end = longest;
  }

  private Tensor filled(Part part, long longest) {
    Tensor shown = shown(part);
    return kept() == longest ? shown : shown.pad(0, 0, 0, longest - kept(), 0);
  }

  /** Forgets the first tokens, as if they had never been. */
  void dropFirst(long count) {
    taken -= count;
    start = Math.max(start, end - taken);
  }

  void truncate(long length) {
    long forget = taken - length;
    if (forget > end - start || (forget > 0 && start > 0)) {
      throw new IllegalStateException(
          "keys and values: expected to go back by tokens that are remembered, got "
              + forget
              + " of "
              + taken
              + ", whose window has moved on; copy the state at the place to come back to");
    }
    if (forget > 0) {
      end -= forget;
      taken = length;
    }
  }

  GrowingKeys copy() {
    GrowingKeys other = new GrowingKeys(bytes);
    buffers.forEach((part, buffer) ->
        other.buffers.put(part, TensorScope.release(TensorScope.run(buffer::copy))));
    other.expansion = expansion;
    other.type = type;
    other.firstLength = firstLength;
    other.start = start;
    other.end = end;
    other.taken = taken;
    return other;
  }

  void free() {
    buffers.values().forEach(Tensor::close);
    buffers.clear();
    start = 0;
    end = 0;
    taken = 0;
  }
}
