package dev.heed.model.tp;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.CrossMixer;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Tensor-product attention: what was read is a filler, and the reader binds it to a role of its
 * own.
 *
 * <p>{@code (softmax(q·kᵀ/√d) · v) ⊙ r}, with {@code r = W_r·x + b} from the query's side: a
 * product element by element stands for the outer product of filler and role (Schlag et al. 2019,
 * section 2.3).
 *
 * <p>Trace points: {@code q}, {@code k}, {@code v}, {@code scores}, {@code pattern}, {@code z} as
 * in {@link dev.heed.attention.MultiHeadAttention}, and {@code roles [B, heads, Tq, d]}.
 */
public final class TpAttention extends Module implements SequenceMixer, CrossMixer {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear role;
  private final Linear output;
  private final int heads;
  private final AttentionMechanism mechanism = new ScaledDotProduct();

  /** Attention with parameters {@code W_q, W_k, W_v, W_r, W_o}, all {@code [size, size]}. */
  public TpAttention(Weights weights, long size, int heads) {
    super(weights);
    this.heads = heads;
    this.query = Linear.of(weights.child("W_q"), size, size);
    this.key = Linear.of(weights.child("W_k"), size, size);
    this.value = Linear.of(weights.child("W_v"), size, size);
    this.role = Linear.of(weights.child("W_r"), size, size);
    this.output = Linear.of(weights.child("W_o"), size, size);
  }

  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return cross(x, x, request);
  }

  /**
   * Reads from a memory; a query that sees nothing reads zeros.
   *
   * @param x queries {@code [B, Tq, size]}
   * @param memory keys and values {@code [B, Tk, size]}
   * @return {@code [B, Tq, size]}
   */
  @Override
  public AttentionOutput cross(Tensor x, Tensor memory, AttentionRequest request) {
    if (x.rank() != 3 || memory.rank() != 3 || x.size(0) != memory.size(0)) {
      throw new ShapeException(
          "TP attention: expected [B, Tq, size] and [B, Tk, size], got "
              + x.shape()
              + " and "
              + memory.shape());
    }
    if (request.state() != null) {
      throw new UnsupportedOperationException(
          "TP attention: expected a call that brings all tokens, got one that goes on from a"
              + " state");
    }
    return TensorScope.run(() -> {
      AttentionRequest named = request.at(tracePath());
      Tensor q = named.visit("q", split(query.apply(x)));
      Tensor k = named.visit("k", split(key.apply(memory)));
      Tensor v = named.visit("v", split(value.apply(memory)));
      AttentionOutput read = mechanism.apply(q, k, v, named);
      Tensor roles = named.visit("roles", split(role.apply(x)));
      Tensor bound = named.visit("z", read.output()).mul(roles);
      return new AttentionOutput(output.apply(bound.transpose(1, 2).flatten(2, 3)), read.weights());
    });
  }

  private Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }
}
