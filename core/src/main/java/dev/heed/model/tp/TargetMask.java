package dev.heed.model.tp;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.model.tp.TpConfig.TargetPadding;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;

/** Which targets see which in the decoder. */
final class TargetMask {
  private TargetMask() {}

  /**
   * A request by which each target sees itself and what is before it.
   *
   * @param target ids {@code [B, T]}
   * @param padding the id that is no token
   */
  static AttentionRequest of(Tensor target, long padding, TargetPadding hidden, Trace trace) {
    Tensor padded = target.eq(padding);
    if (hidden == TargetPadding.KEYS) {
      AttentionMask there = AttentionMask.padding(padded.not());
      return AttentionRequest.of(AttentionMask.causal().and(there), trace);
    }
    long length = target.size(1);
    Tensor past = Tensor.ones(Shape.of(length, length), DType.BOOL).tril(0);
    Tensor seen = padded.unsqueeze(1).unsqueeze(-1).or(past); // [B, 1, T, T]
    return AttentionRequest.of(AttentionMask.dense(seen), trace).withModifier(new Alike(padded));
  }

  /**
   * Scores of 0 for padded queries, which then see all keys alike.
   *
   * @param padded {@code [B, T]}
   */
  private record Alike(Tensor padded, boolean[] rows, int length) implements ScoreModifier {
    Alike(Tensor padded) {
      this(padded, padded.toBooleanArray(), (int) padded.size(1));
    }

    private boolean at(int batch, int query) {
      return rows[batch * length + query];
    }

    @Override
    public double modify(int batch, int head, int query, int key, double score) {
      return at(batch, query) ? 0 : score;
    }

    @Override
    public double derivative(int batch, int head, int query, int key, double score) {
      return at(batch, query) ? 0 : 1;
    }

    @Override
    public Tensor modify(Tensor scores) {
      return scores.maskedFill(padded.unsqueeze(1).unsqueeze(-1), 0);
    }
  }
}
