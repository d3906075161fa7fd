package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives every query some keys more, which no mask hides (PyTorch's {@code add_bias_kv} and {@code
 * add_zero_attn}).
 *
 * @param mechanism reads the longer keys and values
 * @param key learned, {@code [H, 1, D]}, or null for none
 * @param value learned, {@code [H, 1, Dv]}; null exactly if the key is
 * @param zero whether a key and value of zeros comes last: something to attend to nothing with
 */
public record AppendedKeys(
    AttentionMechanism mechanism, @Nullable Tensor key, @Nullable Tensor value, boolean zero)
    implements AttentionMechanism {
  /** Checks that key and value come together. */
  public AppendedKeys {
    if ((key == null) != (value == null)) {
      throw new IllegalArgumentException(
          "appended keys: expected a key and a value, or neither, got one of them");
    }
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor keys = extended(k, key);
      Tensor values = extended(v, value);
      int extra = (int) (keys.size(2) - k.size(2));
      AttentionMask mask = request.mask();
      AttentionMask longer =
          mask == null || extra == 0 ? mask : new Shifted(mask, (int) k.size(2), extra);
      return mechanism.apply(q, keys, values, request.withMask(longer));
    });
  }

  private Tensor extended(Tensor x, @Nullable Tensor row) {
    Tensor longer = x;
    if (row != null) {
      Tensor each = row.unsqueeze(0).expand(x.size(0), x.size(1), 1, x.size(3));
      longer = Tensor.cat(List.of(longer, each), 2);
    }
    if (zero) {
      longer = longer.pad(0, 0, 0, 0, 1);
    }
    return longer;
  }

  /** A mask over the first keys; the query's place moved by those that were appended. */
  private record Shifted(AttentionMask mask, int keys, int extra) implements AttentionMask {
    @Override
    public boolean allows(int batch, int head, int query, int key) {
      return key >= keys || mask.allows(batch, head, query - extra, key);
    }

    @Override
    public void requireFit(AttentionSizes sizes) {
      mask.requireFit(sizes.withKeys(keys));
    }

    @Override
    public boolean dependsOnBatch() {
      return mask.dependsOnBatch();
    }

    @Override
    public boolean dependsOnHead() {
      return mask.dependsOnHead();
    }
  }
}
