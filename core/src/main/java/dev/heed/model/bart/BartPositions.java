package dev.heed.model.bart;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.model.Places;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;

/** What a token's place adds to its vector. */
@FunctionalInterface
public interface BartPositions {
  /** How many rows BART's tables have in front of the first position's. */
  int OFFSET = 2;

  /**
   * The vectors of a call's tokens.
   *
   * @param ids i64 {@code [B, T]}
   * @param places i64 {@code [T]} or {@code [B, T]}, counted on from earlier calls
   * @return {@code [T, H]} or {@code [B, T, H]}
   */
  Tensor apply(Tensor ids, Tensor places);

  /** Learned, {@code embed_positions.weight [longest + 2, H]} (BART). */
  static BartPositions learned(Weights weights, int longest, long size) {
    Embedding table =
        new Embedding(weights.child("embed_positions"), longest + (long) OFFSET, size, -1);
    return (ids, places) -> table.apply(Places.within(places, longest).add(OFFSET));
  }

  /** Learned without rows in front, {@code embed_positions.weight [longest, H]} (LED). */
  static BartPositions plain(Weights weights, int longest, long size) {
    Embedding table = new Embedding(weights.child("embed_positions"), longest, size, -1);
    return (ids, places) -> table.apply(Places.within(places, longest));
  }

  /**
   * Fixed, all sines, then all cosines (Pegasus, Marian). Files of some versions keep them: those
   * are read then.
   */
  static BartPositions fixed(Weights weights, int longest, long size) {
    Weights own = weights.child("embed_positions");
    if (own.has("weight")) {
      Initializer sines =
          (shape, type, random) -> SinusoidalPositions.MARIAN.table(0, longest, size, type);
      Tensor table = own.buffer("weight", sines, longest, size);
      return (ids, places) -> table.embedding(Places.within(places, longest), -1);
    }
    return (ids, places) ->
        SinusoidalPositions.MARIAN.at(Places.within(places, longest), size, DType.F64);
  }

  /**
   * Fixed and counted from padding + 1 over the tokens that are none; padding itself gets zeros
   * (M2M-100).
   */
  static BartPositions counted(Weights weights, long padding, long size) {
    // Files of old versions keep the table.
    weights.ignore("embed_positions.weights", "embed_positions._float_tensor");
    return (ids, places) -> {
      Tensor real = ids.ne(padding).to(DType.I64);
      // [T] -> [1], [B, T] -> [B, 1]
      Tensor past = places.narrow(-1, 0, 1);
      Tensor rows = real.cumsum(1).add(past).add(padding);
      return SinusoidalPositions.TENSOR2TENSOR
          .at(rows, size, DType.F64)
          .mul(real.unsqueeze(-1).to(DType.F64));
    };
  }
}
