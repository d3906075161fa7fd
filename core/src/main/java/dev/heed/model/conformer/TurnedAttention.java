package dev.heed.model.conformer;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Attention whose queries and keys are of states that rotary positions turned before the maps, the
 * states cut into heads; values are of the states themselves.
 */
record TurnedAttention(MultiHeadAttention attention, RotaryPositions rotary)
    implements SequenceMixer {
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      int heads = attention.heads();
      Tensor cut = x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
      Tensor turned = rotary.apply(cut, 0).transpose(1, 2).flatten(2, 3);
      return attention.apply(turned, turned, x, request);
    });
  }
}
