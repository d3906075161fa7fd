package dev.heed.mixer.statespace;

import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a sequence in chunks, whose tokens are computed at once and which hand on a memory;
 * gradients compute the chunks again, so that their products are not kept.
 */
public final class MemoryChunks {
  /** Tokens computed at once. */
  static final long CHUNK = 64;

  /** The exponential of less is zero in double precision too. */
  private static final double LEAST = -750;

  private MemoryChunks() {}

  /**
   * Goes through a sequence.
   *
   * @param parts {@code [B, H, L, ...]}: first queries and keys {@code [B, H, L, Dk]} and values
   *     {@code [B, H, L, Dv]}, then what else a chunk needs
   * @param memory after the tokens before, {@code [B, H, Dk, Dv]}, or null at the beginning
   * @param chunk from such parts of one chunk, and the memory last, to its outputs {@code [B, H, C,
   *     Dv]} and behind them in the third dimension the memory after it
   */
  public static MemoryRead read(
      List<Tensor> parts, @Nullable Tensor memory, Function<List<Tensor>, Tensor> chunk) {
    return TensorScope.run(() -> {
      Tensor k = parts.get(1);
      Tensor v = parts.get(2);
      List<List<Tensor>> pieces =
          parts.stream().map(part -> part.widened().pieces(CHUNK, 2)).toList();
      Tensor last =
          memory == null
              ? Tensor.zeros(
                  Shape.of(k.size(0), k.size(1), k.size(3), v.size(3)), v.dtype().ofSums())
              : memory.widened();
      List<Tensor> outputs = new ArrayList<>();
      int count = pieces.getFirst().size();
      for (int i = 0; i < count; i++) {
        List<Tensor> inputs = new ArrayList<>();
        for (List<Tensor> piece : pieces) {
          inputs.add(piece.get(i));
        }
        long length = inputs.getFirst().size(2);
        inputs.add(last);
        // A single chunk may keep its products.
        Tensor both = count == 1 ? chunk.apply(inputs) : Recomputed.apply(inputs, chunk);
        outputs.add(both.narrow(2, 0, length));
        last = both.narrow(2, length, k.size(3));
      }
      return new MemoryRead(Tensor.cat(outputs, 2).to(v.dtype()), last.copy());
    });
  }

  /** {@code log α} summed up from the chunk's beginning, {@code [B, H, C]}. */
  public static Tensor total(Tensor logDecay) {
    return logDecay.clamp(LEAST, 0).cumsum(-1);
  }

  /** How much of what token j wrote is left at token i, {@code [..., i, j]}; later ones nothing. */
  public static Tensor between(Tensor total) {
    long length = total.size(-1);
    Tensor later = Tensor.ones(Shape.of(length, length), total.dtype()).triu(1).ne(0);
    return total
        .unsqueeze(-1)
        .sub(total.unsqueeze(-2))
        .maskedFill(later, Double.NEGATIVE_INFINITY)
        .exp();
  }

  /**
   * The memory after a chunk: what is left of the one before, and of what each token wrote.
   *
   * @param keys {@code [B, H, Dk, C]}
   * @param written {@code [B, H, C, Dv]}
   */
  public static Tensor after(Tensor memory, Tensor total, Tensor keys, Tensor written) {
    Tensor end = total.narrow(-1, total.size(-1) - 1, 1);
    Tensor toEnd = end.sub(total).exp().unsqueeze(-2); // [B, H, 1, C]
    return memory.mul(end.exp().unsqueeze(-1)).add(keys.mul(toEnd).matmul(written));
  }
}
