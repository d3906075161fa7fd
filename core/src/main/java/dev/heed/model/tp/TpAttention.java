package dev.heed.model.tp;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Tensor-product attention: what was read is a filler, and the reader binds it to a role of its
 * own.
 *
 * <p>{@code (softmax(q·kᵀ/√d) · v) ⊙ r}, with {@code r = W_r·x + b} from the query's side: a
 * product element by element stands for the outer product of filler and role (Schlag et al. 2019,
 * section 2.3).
 */
public final class TpAttention extends Module {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear role;
  private final Linear output;
  private final int heads;

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

  /** As {@link #apply(Tensor, Tensor, Tensor, Tensor, Trace)}, with scores for every query. */
  public Tensor apply(Tensor x, Tensor memory, Tensor mask, Trace trace) {
    return apply(x, memory, mask, null, trace);
  }

  /**
   * Reads from a memory.
   *
   * <p>Points: {@code scores}, {@code pattern [B, heads, Tq, Tk]}, {@code roles [B, heads, Tq, d]}.
   *
   * @param x queries {@code [B, Tq, size]}
   * @param memory keys and values {@code [B, Tk, size]}
   * @param mask bool, broadcasts to {@code [B, heads, Tq, Tk]}; a query that sees nothing reads
   *     zeros
   * @param alike bool, broadcasts to {@code [B, heads, Tq, 1]}: queries whose scores are all 0
   *     before the mask, so that they see what they may see alike; or null for none
   * @return {@code [B, Tq, size]}
   */
  public Tensor apply(Tensor x, Tensor memory, Tensor mask, @Nullable Tensor alike, Trace trace) {
    if (x.rank() != 3 || memory.rank() != 3 || x.size(0) != memory.size(0)) {
      throw new ShapeException(
          "TP attention: expected [B, Tq, size] and [B, Tk, size], got "
              + x.shape()
              + " and "
              + memory.shape());
    }
    return TensorScope.run(() -> {
      Tensor queries = split(query.apply(x));
      Tensor scores =
          queries
              .matmul(split(key.apply(memory)).transpose(-1, -2))
              .div(Math.sqrt(queries.size(-1)));
      Tensor scored = alike == null ? scores : scores.maskedFill(alike, 0);
      Tensor seen = trace.visit(point("scores"), scored).maskedSoftmax(mask, -1);
      Tensor weights = trace.visit(point("pattern"), seen);
      Tensor roles = trace.visit(point("roles"), split(role.apply(x)));
      Tensor bound = weights.matmul(split(value.apply(memory))).mul(roles);
      return output.apply(bound.transpose(1, 2).flatten(2, 3));
    });
  }

  private Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }
}
