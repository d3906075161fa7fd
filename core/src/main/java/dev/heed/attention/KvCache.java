package dev.heed.attention;

import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens so far, one layer's beside the other's, so that decoding computes
 * only the new token's.
 *
 * <p>For inference: what it hands out is outside the graph of gradients. It belongs to one sequence
 * (or batch) and one thread; close it to free the memory.
 */
public final class KvCache implements AutoCloseable {
  /**
   * Keys and values.
   *
   * @param keys {@code [B, Hkv, T, D]}
   * @param values {@code [B, Hkv, T, Dv]}
   */
  public record Entry(Tensor keys, Tensor values) {}

  private static final long FIRST_CAPACITY = 64;

  private final List<Layer> layers = new ArrayList<>();

  /** An empty cache of so many attention layers. */
  public KvCache(int layerCount) {
    for (int i = 0; i < layerCount; i++) {
      layers.add(new Layer());
    }
  }

  /** One layer's part. */
  public Layer layer(int index) {
    return layers.get(index);
  }

  /** How many tokens are remembered. */
  public long length() {
    return layers.isEmpty() ? 0 : layers.getFirst().length();
  }

  /**
   * Takes other rows of the batch in place of the present ones, as beam search does.
   *
   * @param rows i64 {@code [new B]}
   */
  public void reorder(Tensor rows) {
    layers.forEach(layer -> layer.reorder(rows));
  }

  /** Forgets all tokens after the first {@code length}. */
  public void truncate(long length) {
    layers.forEach(layer -> layer.length = Math.min(layer.length, length));
  }

  @Override
  public void close() {
    layers.forEach(Layer::free);
  }

  /** The keys and values of one attention layer. */
  public static final class Layer {
    private @Nullable Tensor keys;
    private @Nullable Tensor values;
    private long length;

    private Layer() {}

    /** How many tokens are remembered. */
    public long length() {
      return length;
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
      long before = length;
      keys = written(keys, k, before);
      values = written(values, v, before);
      length = before + k.size(2);
      return new Entry(keys.narrow(2, 0, length), values.narrow(2, 0, length));
    }

    private static Tensor written(@Nullable Tensor buffer, Tensor more, long before) {
      requireFit(buffer, more);
      long needed = before + more.size(2);
      Tensor target = buffer;
      if (target == null || target.size(2) < needed) {
        target = grown(target, more, before, needed);
      }
      try (Tensor end = target.narrow(2, before, more.size(2));
          Tensor plain = more.detach()) {
        end.assign(plain);
      }
      return target;
    }

    private static Tensor grown(@Nullable Tensor buffer, Tensor more, long before, long needed) {
      long capacity = Math.max(FIRST_CAPACITY, needed);
      if (buffer != null) {
        capacity = Math.max(capacity, 2 * buffer.size(2));
      }
      Shape shape = Shape.of(more.size(0), more.size(1), capacity, more.size(3));
      Tensor larger = TensorScope.release(Tensor.empty(shape, more.dtype()));
      if (buffer != null) {
        try (Tensor from = buffer.narrow(2, 0, before);
            Tensor to = larger.narrow(2, 0, before)) {
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

    private void reorder(Tensor rows) {
      keys = reordered(keys, rows);
      values = reordered(values, rows);
    }

    private static @Nullable Tensor reordered(@Nullable Tensor buffer, Tensor rows) {
      if (buffer == null) {
        return null;
      }
      Tensor taken = TensorScope.release(buffer.indexSelect(0, rows));
      buffer.close();
      return taken;
    }

    private void free() {
      if (keys != null) {
        keys.close();
      }
      if (values != null) {
        values.close();
      }
      keys = null;
      values = null;
      length = 0;
    }
  }
}
