package dev.heed.model;

import dev.heed.attention.DecodeState;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An encoder's {@link Memory}, kept in a {@link DecodeState}: read at the first call only. */
public final class RememberedMemory {
  private static final String STATES = "encoder.last_hidden_state";
  private static final String KEEP = "encoder.attention_mask";

  private RememberedMemory() {}

  /**
   * What was read.
   *
   * @param state of the sequences, or null where every call reads
   * @param read reads, if nothing was read yet
   */
  public static Memory of(@Nullable DecodeState state, Supplier<Memory> read) {
    if (state == null) {
      return read.get();
    }
    if (state.has(STATES)) {
      return new Memory(known(state, STATES), state.has(KEEP) ? known(state, KEEP) : null);
    }
    Memory fresh = read.get();
    Tensor keep = fresh.keep();
    if (keep != null) {
      state.once(KEEP, () -> keep);
    }
    return new Memory(state.once(STATES, fresh::states), keep);
  }

  /**
   * Takes other sequences behind those of a state. Where one has read less, its memory is filled at
   * the end, and that is hidden from it.
   *
   * @param other is closed
   */
  public static void join(DecodeState state, DecodeState other) {
    if (state.has(KEEP) || other.has(KEEP) || length(state) != length(other)) {
      mask(state);
      mask(other);
    }
    state.join(other);
  }

  /** Says that every place may be seen, where nothing is said. */
  private static void mask(DecodeState state) {
    Tensor states = known(state, STATES);
    state.once(KEEP, () -> Tensor.ones(Shape.of(states.size(0), states.size(1)), DType.BOOL));
  }

  /** Forgets the places at the end that no sequence sees. */
  public static void shorten(DecodeState state) {
    if (!state.has(KEEP)) {
      return;
    }
    long seen =
        TensorScope.run(() -> {
          Tensor keep = known(state, KEEP).to(DType.I64);
          Tensor ends = Tensor.arange(keep.size(1), DType.I64).add(1);
          return keep.mul(ends).max().itemLong();
        });
    state.shortenOnce(seen);
  }

  private static long length(DecodeState state) {
    return known(state, STATES).size(1);
  }

  private static Tensor known(DecodeState state, String name) {
    return state.once(
        name,
        () -> {
          throw new IllegalStateException("decode state: expected " + name + ", got none");
        });
  }
}
