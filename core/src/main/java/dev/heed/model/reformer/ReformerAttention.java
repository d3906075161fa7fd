package dev.heed.model.reformer;

import dev.heed.model.Run;
import dev.heed.nn.Dropout;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A layer's attention: nearby, or among tokens that hash alike. */
abstract sealed class ReformerAttention extends Module permits NearbyAttention, HashedAttention {
  /** What stands for a token that is not seen. */
  private static final double HIDDEN = -1e9;

  private static final double HIDDEN_HALF = -1e4;

  /**
   * What a token gives itself where queries are keys: it sees itself only if it sees nothing else.
   */
  private static final double SELF = -1e5;

  private static final double SELF_HALF = -1e3;

  private final int heads;

  ReformerAttention(Weights weights, int heads) {
    super(weights);
    this.heads = heads;
  }

  /**
   * One call of the model.
   *
   * @param run which also gets the weights that it wants
   * @param layer from 0
   * @param there bool {@code [B, T]}, false at padding; or null
   * @param length of the text before it was filled up
   * @param asRecorded whether hashed layers read the first sequence's states in every sequence
   */
  record Call(Run run, int layer, @Nullable Tensor there, long length, boolean asRecorded) {
    Trace trace() {
      return run.trace();
    }
  }

  /**
   * What each head's queries read.
   *
   * @param x {@code [B, T, H]}
   * @return the heads side by side, {@code [B, T, heads · head size]}
   */
  abstract Tensor apply(Tensor x, Call call);

  /**
   * What some queries read.
   *
   * @param output {@code [..., Tq, D]}
   * @param logSum the log-sum-exp of the scores, {@code [..., Tq, 1]}
   * @param weights {@code [..., Tq, Tk]}
   */
  record Read(Tensor output, Tensor logSum, Tensor weights) {}

  /**
   * Reads by written-down scores.
   *
   * @param hidden which keys a query does not see, or null for none
   * @param self which key is the query itself, or null where that is one like others
   */
  static Read read(
      Tensor q,
      Tensor k,
      Tensor v,
      @Nullable Tensor hidden,
      @Nullable Tensor self,
      Dropout dropout,
      Trace trace) {
    Tensor scores = q.matmul(k.transpose(-1, -2));
    boolean half = scores.dtype() == DType.F16;
    if (hidden != null) {
      scores = scores.maskedFill(hidden, half ? HIDDEN_HALF : HIDDEN);
    }
    if (self != null) {
      scores = scores.maskedFill(self, half ? SELF_HALF : SELF);
    }
    Tensor weights = scores.softmax(-1);
    return new Read(dropout.apply(weights, trace).matmul(v), scores.logSumExp(-1, true), weights);
  }

  /**
   * Weights of keys at their places in the text.
   *
   * @param weights {@code [..., Tq, Tk]}
   * @param keys places of keys, {@code [..., Tk]}
   * @param time T
   * @return {@code [..., Tq, T]}
   */
  static Tensor placed(Tensor weights, Tensor keys, long time) {
    Tensor places = Tensor.arange(time, DType.I64);
    return weights.matmul(keys.unsqueeze(-1).eq(places).to(weights.dtype()));
  }

  /** Gives a trace that wants it the map of the text's own tokens, {@code [B, H, T, T]}. */
  final void show(Call call, Supplier<Tensor> map) {
    if (call.trace().wants(point("pattern"))) {
      Tensor all = map.get();
      call.trace()
          .visit(point("pattern"), all.narrow(2, 0, call.length()).narrow(3, 0, call.length()));
    }
  }

  /**
   * Which keys a query does not see.
   *
   * @param queries places of queries, {@code [..., Tq]}
   * @param keys places of keys, {@code [..., Tk]}
   * @param there which keys are there, {@code [..., Tk]}, or null for all
   */
  static @Nullable Tensor hidden(
      boolean causal, Tensor queries, Tensor keys, @Nullable Tensor there) {
    Tensor later = causal ? queries.unsqueeze(-1).lt(keys.unsqueeze(-2)) : null;
    Tensor gone = there == null ? null : there.not().unsqueeze(-2);
    if (later == null) {
      return gone;
    }
    return gone == null ? later : later.or(gone);
  }

  int heads() {
    return heads;
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }

  static Tensor joined(Tensor x) {
    return x.transpose(1, 2).flatten(2, 3);
  }
}
