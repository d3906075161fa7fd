package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import java.util.function.IntFunction;

/**
 * Self-attention under a pattern of its own, besides whatever mask a request brings.
 *
 * @param mixer honours masks
 * @param pattern the mask for a number of keys
 */
public record MaskedMixer(SequenceMixer mixer, IntFunction<AttentionMask> pattern)
    implements SequenceMixer {
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    long past = mixer instanceof MultiHeadAttention own ? request.at(own.tracePath()).past() : 0;
    AttentionMask own = pattern.apply(Math.toIntExact(past + x.size(1)));
    return mixer.apply(x, request.narrowedTo(own));
  }
}
