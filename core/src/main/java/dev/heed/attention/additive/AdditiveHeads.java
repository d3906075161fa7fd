package dev.heed.attention.additive;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.WrittenAttention;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Additive scores within the heads of a multi-head layer: {@code score(q, k) = v_h · tanh(q + k)},
 * where q and k are what the layer's projections W and U give (Bahdanau et al. 2015, appendix
 * A.1.2).
 *
 * <p>Honours every mask and score modifier; takes O(Tq · Tk · D) memory.
 */
public final class AdditiveHeads extends Module implements AttentionMechanism {
  private final Tensor energy;

  /** With the parameter {@code energy [H, D]}, the vectors v. */
  public AdditiveHeads(Weights weights, int heads, int headSize) {
    super(weights);
    energy =
        weights.parameter("energy", Initializer.uniform(1 / Math.sqrt(headSize)), heads, headSize);
  }

  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      long group = q.size(1) / k.size(1);
      Tensor keys = group == 1 ? k : k.repeatInterleave(group, 1);
      Tensor values = group == 1 ? v : v.repeatInterleave(group, 1);
      Tensor meeting = q.unsqueeze(3).add(keys.unsqueeze(2)).tanh(); // [B, H, Tq, Tk, D]
      Tensor scores = meeting.matmul(energy.unsqueeze(1).unsqueeze(-1)).squeeze(-1);
      return WrittenAttention.read(scores, values, request, new Dropout(0));
    });
  }
}
