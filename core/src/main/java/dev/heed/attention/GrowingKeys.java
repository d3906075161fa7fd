package dev.heed.attention;

import dev.heed.attention.DecodeState.Entry;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of one attention layer: appended to without copying what is there, and
 * forgotten at the front where a sliding window no longer reaches it.
 */
public final class GrowingKeys {
  private static final long FIRST_CAPACITY = 64;

  private @Nullable Tensor keys;
  private @Nullable Tensor values;
  private @Nullable Tensor positions;
  private @Nullable UnaryOperator<Entry> expansion;
  private long firstLength;
  private long start;
  private long end;
  private long taken;

  GrowingKeys() {}

  /** How many tokens were appended, forgotten ones included. */
  public long length() {
    return taken;
  }

  /** How many tokens are remembered. */
  public long kept() {
    return end - start;
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
    // [B, new] -> [B, 1, new, 1], so that places lie in memory as keys do
    Tensor at = places == null ? null : places.unsqueeze(1).unsqueeze(-1);
    requireFit(keys, k);
    requireFit(values, v);
    long more = k.size(2);
    if (keys == null || end + more > keys.size(2)) {
      long capacity = Math.max(FIRST_CAPACITY, Math.max(2 * kept(), kept() + more));
      keys = moved(keys, k, capacity);
      values = moved(values, v, capacity);
      positions = at == null ? null : moved(positions, at, capacity);
      end -= start;
      start = 0;
    }
    write(keys, k);
    write(Objects.requireNonNull(values), v);
    if (at != null) {
      write(Objects.requireNonNull(positions), at);
    }
    end += more;
    taken += more;
    return entry();
  }

  /**
   * What is remembered, as views owned by the current scope.
   *
   * @throws IllegalStateException before the first token
   */
  public Entry entry() {
    if (keys == null || values == null) {
      throw new IllegalStateException("keys and values: expected a token first, got none");
    }
    return new Entry(keys.narrow(2, start, end - start), values.narrow(2, start, end - start));
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
    return Objects.requireNonNull(positions).narrow(2, start, end - start).squeeze(-1).squeeze(1);
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
    keys = reordered(keys, rows);
    values = reordered(values, rows);
    positions = reordered(positions, rows);
    end -= start;
    start = 0;
  }

  private @Nullable Tensor reordered(@Nullable Tensor buffer, Tensor rows) {
    if (buffer == null) {
      return null;
    }
    Tensor chosen =
        TensorScope.release(
            TensorScope.run(() -> buffer.narrow(2, start, end - start).indexSelect(0, rows)));
    buffer.close();
    return chosen;
  }

  /** Takes another part's rows behind its own; the shorter of both is filled at the left. */
  void join(GrowingKeys other) {
    long longest = Math.max(kept(), other.kept());
    keys = joined(keys, start, end, other.keys, other, longest);
    values = joined(values, start, end, other.values, other, longest);
    positions = joined(positions, start, end, other.positions, other, longest);
    firstLength = Math.max(firstLength, other.firstLength);
    taken = Math.max(taken, other.taken);
    start = 0;
    end = longest;
  }

  private static @Nullable Tensor joined(
      @Nullable Tensor own,
      long start,
      long end,
      @Nullable Tensor more,
      GrowingKeys other,
      long longest) {
    if (own == null || more == null) {
      if (own != more) {
        throw new IllegalStateException("decode state: expected parts of one model, got others");
      }
      return null;
    }
    Tensor both =
        TensorScope.release(
            TensorScope.run(() ->
                Tensor.cat(
                    List.of(
                        filled(own, start, end, longest),
                        filled(more, other.start, other.end, longest)),
                    0)));
    own.close();
    return both;
  }

  private static Tensor filled(Tensor buffer, long start, long end, long longest) {
    Tensor shown = buffer.narrow(2, start, end - start);
    return end - start == longest ? shown : shown.pad(0, 0, 0, longest - (end - start), 0);
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
    GrowingKeys other = new GrowingKeys();
    other.keys = copy(keys);
    other.values = copy(values);
    other.positions = copy(positions);
    other.expansion = expansion;
    other.firstLength = firstLength;
    other.start = start;
    other.end = end;
    other.taken = taken;
    return other;
  }

  private static @Nullable Tensor copy(@Nullable Tensor buffer) {
    return buffer == null ? null : TensorScope.release(TensorScope.run(buffer::copy));
  }

  void free() {
    Stream.of(keys, values, positions).filter(Objects::nonNull).forEach(Tensor::close);
    keys = null;
    values = null;
    positions = null;
    start = 0;
    end = 0;
    taken = 0;
  }
}
