package dev.heed.model.retro;

import dev.heed.attention.AttentionOutput;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Each chunk of a sequence reads the neighbours that were retrieved for it: the last token of a
 * chunk and the tokens of the next one but its last attend to the chunk's neighbours (Borgeaud et
 * al. 2021, section 2.4), so that no token reads neighbours found with later ones.
 */
public final class ChunkedCrossAttention extends Module {
  private final RetroAttention attention;
  private final int chunk;
  private final boolean firstQueryOnly;

  /**
   * With the attention's parameters below {@code cross_attn}.
   *
   * @param chunk tokens a chunk
   * @param firstQueryOnly the recorded reference moves the queries' angles along with the queries a
   *     second time, so that only the first of a chunk is rotated; {@code false} gives each its own
   */
  public ChunkedCrossAttention(
      Weights weights, RetroAttention.Size size, int chunk, boolean firstQueryOnly) {
    super(weights);
    this.attention = new RetroAttention(weights.child("cross_attn"), size);
    this.chunk = chunk;
    this.firstQueryOnly = firstQueryOnly;
  }

  /** Reads without a trace; see {@link #apply(Tensor, Tensor, Tensor, Tensor, Trace)}. */
  public AttentionOutput apply(
      Tensor x, Tensor neighbours, @Nullable Tensor mask, Tensor frequencies) {
    return apply(x, neighbours, mask, frequencies, Trace.NONE);
  }

  /**
   * Reads the neighbours of each chunk; its last token and the next chunk's tokens but the last are
   * the queries.
   *
   * @param x {@code [B, T, model]}
   * @param neighbours {@code [B, T / chunk, neighbours, length, context]}
   * @param mask bool {@code [B, T / chunk, neighbours, length]}, or null
   * @param frequencies of the rotary positions, {@code [rotated / 2]}
   * @param trace of the run; points as {@link RetroAttention}'s below {@code cross_attn}
   * @return output {@code [B, T, model]}, zeros where there are no neighbours yet; weights {@code
   *     [B · chunks, H, chunk, 1 + neighbours · length]}
   */
  public AttentionOutput apply(
      Tensor x, Tensor neighbours, @Nullable Tensor mask, Tensor frequencies, Trace trace) {
    return TensorScope.run(() -> {
      long chunks = x.size(1) / chunk;
      if (chunks == 0) {
        return new AttentionOutput(x.mul(0), null);
      }
      long moved = chunk - 1L;
      Tensor queries =
          x.pad(0, 0, 0, -moved, moved).narrow(1, 0, chunks * chunk).unflatten(1, chunks, chunk);
      RotaryAngles places = RotaryAngles.of(frequencies, moved, chunk);
      AttentionOutput read =
          attention.apply(
              queries.flatten(0, 1),
              neighbours.flatten(2, 3).flatten(0, 1),
              mask == null ? null : mask.flatten(2, 3).flatten(0, 1),
              firstQueryOnly ? places.shifted(moved) : places,
              RotaryAngles.of(frequencies, 0, neighbours.size(3)).repeated(neighbours.size(2)),
              trace);
      Tensor rows = read.output().reshape(x.size(0), chunks * chunk, x.size(2));
      long rest = x.size(1) - chunks * chunk;
      return new AttentionOutput(rows.pad(0, 0, 0, moved, rest - moved), read.weights());
    });
  }
}
