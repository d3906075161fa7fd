package dev.heed.model.universal;

import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Multi-head self-attention between the states, without biases. */
final class StateAttention extends Module {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear output;
  private final int heads;

  StateAttention(Weights weights, long size, int heads) {
    super(weights);
    this.heads = heads;
    this.query = Linear.of(weights.child("query_linear"), size, size, false);
    this.key = Linear.of(weights.child("key_linear"), size, size, false);
    this.value = Linear.of(weights.child("value_linear"), size, size, false);
    this.output = Linear.of(weights.child("output_linear"), size, size, false);
  }

  /** {@code [B, T, size]} to the same; point {@code pattern [B, heads, T, T]}. */
  Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor queries = split(query.apply(x));
      Tensor scaled = queries.mul(1 / Math.sqrt(queries.size(-1)));
      Tensor scores = scaled.matmul(split(key.apply(x)).transpose(-1, -2));
      Tensor weights = trace.visit(point("pattern"), scores.softmax(-1));
      Tensor read = weights.matmul(split(value.apply(x)));
      return output.apply(read.transpose(1, 2).flatten(2, 3));
    });
  }

  private Tensor split(Tensor x) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }
}
