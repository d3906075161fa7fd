package dev.heed.attention.sparse;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.RequestLimits;
import dev.heed.attention.SequenceMixer;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * {@link LshSelfAttention} for sequences of any length: fills up to a multiple of twice the bucket
 * size, hides what it filled, and cuts it off again.
 *
 * <p>Later tokens decide where a chunk of alike ones ends. So of a causal one no output depends on
 * what later tokens hold, but which of the earlier ones it sees may depend on how they hash.
 *
 * @param layer the projections
 * @param attention how chunks attend
 * @param rounds of hashing
 * @param seed of the rotations: the same ones for every sequence of a length
 */
public record LshMixer(LshSelfAttention layer, LshAttention attention, int rounds, long seed)
    implements SequenceMixer {
  /** Honours padding; has no weights of its own accord, since they take n² memory. */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor there = new RequestLimits("Reformer", attention.causal(), true).check(x, request);
      long length = x.size(1);
      long missing = Math.floorMod(-length, 2L * attention.bucketSize());
      // Padding must not decide by what it holds where the chunks of the others end.
      Tensor known = there == null ? x : x.maskedFill(there.unsqueeze(-1).not(), 0);
      Tensor filled = known.pad(0, 0, 0, 0, missing);
      LshAttention.Result result =
          layer.hashed(
              attention,
              filled,
              rotations(x.dtype().ofSums(), length + missing),
              real(x, there, missing),
              request.weights());
      Tensor weights = result.weights();
      return new AttentionOutput(
          request.visit("output", result.output().narrow(1, 0, length)),
          weights == null ? null : perHead(weights, length));
    });
  }

  private Tensor rotations(DType dtype, long length) {
    try (Generator generator = new Generator(seed)) {
      return attention.rotations(generator, length, layer.headSize(), rounds, dtype);
    }
  }

  private static @Nullable Tensor real(Tensor x, @Nullable Tensor there, long missing) {
    if (there == null && missing == 0) {
      return null;
    }
    Tensor ofSequence =
        there == null
            ? Tensor.ones(x.shape(), DType.U8).select(-1, 0)
            : there.to(DType.U8); // padding of truth values is not defined
    return ofSequence.pad(0, 0, missing).to(DType.BOOL);
  }

  /** {@code [B · H, T', T']} to {@code [B, H, T, T]}. */
  private Tensor perHead(Tensor weights, long length) {
    return weights.unflatten(0, -1, layer.heads()).narrow(2, 0, length).narrow(3, 0, length);
  }
}
