package dev.heed.attention;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What decoding carries from one call of a model to the next: keys and values that grow, states of
 * fixed size that each token replaces, and what is computed once, such as the keys of an encoder's
 * output.
 *
 * <p>Each module keeps its part under its own path. For inference: what it hands out is outside the
 * graph of gradients. It belongs to one sequence (or batch) and one thread; close it to free the
 * memory. After a call that failed its parts may differ in length: close it.
 */
public final class DecodeState implements AutoCloseable {
  private final SequencedMap<String, GrowingKeys> keys = new LinkedHashMap<>();
  private final Map<String, Tensor> replaced = new TreeMap<>();
  private final SequencedMap<String, Tensor> fixed = new LinkedHashMap<>();
  private final @Nullable ByteGroups bytes;
  private long length;

  /** A state that keeps keys and values as they are. */
  public DecodeState() {
    this(null);
  }

  /**
   * A state before the first token.
   *
   * @param bytes how keys and values are kept in bytes, or null for as they are
   */
  public DecodeState(@Nullable ByteGroups bytes) {
    this.bytes = bytes;
  }

  /**
   * Keys and values.
   *
   * @param keys {@code [B, Hkv, T, D]}
   * @param values {@code [B, Hkv, T, Dv]}
   */
  public record Entry(Tensor keys, Tensor values) {}

  /** How many tokens the model has taken. */
  public long length() {
    return length;
  }

  /** Says that a call of the whole model took so many more tokens. */
  public void advance(long tokens) {
    length += tokens;
  }

  /** The growing keys and values of a module, empty at first. */
  public GrowingKeys keys(String path) {
    return keys.computeIfAbsent(path, p -> new GrowingKeys(bytes));
  }

  /** All growing keys and values, in the order in which modules first asked. */
  public SequencedMap<String, GrowingKeys> allKeys() {
    return java.util.Collections.unmodifiableSequencedMap(keys);
  }

  /**
   * A state of fixed size.
   *
   * @param name the module's path and what it is, for example {@code layers.0.mixer.conv}
   * @return {@code [B, ...]}, or null before the first token; valid until the next {@link #replace}
   */
  public @Nullable Tensor get(String name) {
    return replaced.get(name);
  }

  /** Puts a state of fixed size in place of the one before, which is freed. */
  public void replace(String name, Tensor value) {
    Tensor own = TensorScope.release(value.detach().alias());
    Tensor before = replaced.put(name, own);
    if (before != null) {
      before.close();
    }
  }

  /** All states of fixed size by name, sorted. */
  public Map<String, Tensor> states() {
    return java.util.Collections.unmodifiableMap(replaced);
  }

  /**
   * What is computed at the first call and stays, for example the keys of an encoder's output.
   *
   * @param name the module's path and what it is
   * @param make called once
   * @return {@code [B, ...]}
   */
  public Tensor once(String name, Supplier<Tensor> make) {
    Tensor known = fixed.get(name);
    if (known == null) {
      known = TensorScope.release(TensorScope.run(() -> make.get().detach().alias()));
      fixed.put(name, known);
    }
    return known;
  }

  /** All that {@link #once} has computed, in the order in which modules first asked. */
  public SequencedMap<String, Tensor> allOnce() {
    return java.util.Collections.unmodifiableSequencedMap(fixed);
  }

  /** Whether {@link #once} was called for this name. */
  public boolean has(String name) {
    return fixed.containsKey(name);
  }

  /**
   * Takes other rows of the batch in place of the present ones, as beam search does.
   *
   * @param rows i64 {@code [new B]}
   */
  public void reorder(Tensor rows) {
    keys.values().forEach(part -> part.reorder(rows));
    reorder(replaced, rows);
    reorder(fixed, rows);
  }

  private static void reorder(Map<String, Tensor> tensors, Tensor rows) {
    tensors.replaceAll((name, before) -> {
      Tensor taken = TensorScope.release(before.indexSelect(0, rows));
      before.close();
      return taken;
    });
  }

  /**
   * Takes the rows of another state of the same model behind its own. The shorter of both is filled
   * at the left, which a mask must hide; what was computed {@link #once} for fewer places is filled
   * at the end of these, its last dimension but one (of {@code [B, places]} the last). The other is
   * closed.
   *
   * @throws IllegalStateException if they are not of one model
   */
  public void join(DecodeState other) {
    if (!keys.keySet().equals(other.keys.keySet())
        || !replaced.keySet().equals(other.replaced.keySet())
        || !fixed.keySet().equals(other.fixed.keySet())) {
      throw new IllegalStateException("decode state: expected parts of one model, got others");
    }
    for (Map.Entry<String, GrowingKeys> part : other.keys.entrySet()) {
      keys(part.getKey()).join(part.getValue());
    }
    join(replaced, other.replaced, List::of);
    join(fixed, other.fixed, DecodeState::even);
    length = Math.max(length, other.length);
    other.close();
  }

  private static void join(
      Map<String, Tensor> own,
      Map<String, Tensor> other,
      BiFunction<Tensor, Tensor, List<Tensor>> fitted) {
    own.replaceAll((name, before) -> {
      Tensor more = Objects.requireNonNull(other.get(name));
      Tensor both =
          TensorScope.release(TensorScope.run(() -> Tensor.cat(fitted.apply(before, more), 0)));
      before.close();
      return both;
    });
  }

  /** Two tensors with as many places. */
  private static List<Tensor> even(Tensor own, Tensor other) {
    int places = places(own);
    long most = Math.max(own.size(places), other.size(places));
    return List.of(filled(own, places, most), filled(other, places, most));
  }

  private static Tensor filled(Tensor values, int places, long most) {
    long missing = most - values.size(places);
    if (missing == 0) {
      return values;
    }
    return values.shape().rank() == 2 ? values.pad(0, 0, missing) : values.pad(0, 0, 0, 0, missing);
  }

  private static int places(Tensor values) {
    return Math.max(1, values.shape().rank() - 2);
  }

  /** Forgets all but the first places of what was computed {@link #once}. */
  public void shortenOnce(long places) {
    fixed.replaceAll((name, before) -> {
      if (before.size(places(before)) <= places) {
        return before;
      }
      Tensor fewer =
          TensorScope.release(
              TensorScope.run(() -> before.narrow(places(before), 0, places).copy()));
      before.close();
      return fewer;
    });
  }

  /** Forgets the first tokens of every row, which must be filling: later ones keep their places. */
  public void dropFirst(long count) {
    keys.values().forEach(part -> part.dropFirst(count));
    length -= count;
  }

  /**
   * Forgets all tokens after the first {@code length}.
   *
   * @throws IllegalStateException if a module carries a state that no longer knows the tokens
   *     before, as recurrent ones do: {@link #copy} it at the place to come back to
   */
  public void truncate(long length) {
    if (!replaced.isEmpty() && length > 0 && length < this.length) {
      throw new IllegalStateException(
          "decode state: expected keys and values only, which can forget their last tokens, got the"
              + " recurrent states "
              + replaced.keySet()
              + "; copy the state at the place to come back to");
    }
    keys.values().forEach(part -> part.truncate(length));
    if (length == 0) {
      replaced.values().forEach(Tensor::close);
      replaced.clear();
    }
    this.length = Math.min(this.length, length);
  }

  /** A state of its own with the same content, owned by the caller. */
  public DecodeState copy() {
    DecodeState other = new DecodeState(bytes);
    keys.forEach((path, part) -> other.keys.put(path, part.copy()));
    replaced.forEach((name, value) -> other.replaced.put(name, copyOf(value)));
    fixed.forEach((name, value) -> other.fixed.put(name, copyOf(value)));
    other.length = length;
    return other;
  }

  private static Tensor copyOf(Tensor value) {
    return TensorScope.release(TensorScope.run(value::copy));
  }

  @Override
  public void close() {
    keys.values().forEach(GrowingKeys::free);
    replaced.values().forEach(Tensor::close);
    fixed.values().forEach(Tensor::close);
    keys.clear();
    replaced.clear();
    fixed.clear();
    length = 0;
  }
}
