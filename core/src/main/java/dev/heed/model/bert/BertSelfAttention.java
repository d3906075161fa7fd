package dev.heed.model.bert;

import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code softmax(q·kᵀ/√d over the tokens that are no padding) · v} for each head (Vaswani et al.
 * 2017, section 3.2), before the output map.
 */
final class BertSelfAttention extends Module {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final @Nullable Tensor distances;
  private final Positions kind;
  private final Dropout dropout;
  private final int heads;
  private final int headSize;

  BertSelfAttention(Weights weights, BertConfig config) {
    super(weights);
    int size = config.hiddenSize();
    query = Linear.of(weights.child("query"), size, size);
    key = Linear.of(weights.child("key"), size, size);
    value = Linear.of(weights.child("value"), size, size);
    heads = config.numAttentionHeads();
    headSize = config.headSize();
    kind = config.positionEmbeddingType();
    distances =
        kind == Positions.ABSOLUTE
            ? null
            : weights
                .child("distance_embedding")
                .parameter(
                    "weight",
                    Initializer.normal(0.02),
                    2L * config.maxPositionEmbeddings() - 1,
                    headSize);
    dropout = new Dropout(config.attentionProbsDropoutProb());
  }

  /**
   * Mixes the states.
   *
   * @param x {@code [B, T, H]}
   * @param hidden which keys are padding, bool {@code [B, 1, 1, T]}; null for none
   * @return {@code [B, T, H]}
   */
  Tensor apply(Tensor x, @Nullable Tensor hidden, Trace trace) {
    Tensor q = trace.visit(point("q"), split(query.apply(x)));
    Tensor k = trace.visit(point("k"), split(key.apply(x)));
    Tensor v = trace.visit(point("v"), split(value.apply(x)));
    Tensor pattern = trace.visit(point("pattern"), weights(q, k, hidden, trace));
    Tensor z = trace.visit(point("z"), dropout.apply(pattern, trace).matmul(v));
    return z.transpose(1, 2).flatten(2, 3);
  }

  private Tensor weights(Tensor q, Tensor k, @Nullable Tensor hidden, Trace trace) {
    Tensor products = q.matmul(k.transpose(2, 3));
    if (distances != null) {
      products = products.add(relative(distances, q, k));
    }
    Tensor scores = trace.visit(point("scores"), products.div(Math.sqrt(headSize)));
    if (hidden == null) {
      return scores.softmax(-1);
    }
    // The second fill gives a text of nothing but padding zeros, where softmax gives no number.
    return scores.maskedFill(hidden, Double.NEGATIVE_INFINITY).softmax(-1).maskedFill(hidden, 0);
  }

  /** {@code q_i · a(i-j)}, and {@code k_j · a(i-j)} if keys count too. */
  private Tensor relative(Tensor table, Tensor q, Tensor k) {
    long time = q.size(2);
    Tensor steps = Tensor.arange(time, DType.I64);
    Tensor rows = steps.unsqueeze(1).sub(steps).add((table.size(0) - 1) / 2);
    Tensor a = table.embedding(rows, -1);
    Tensor fromQuery = Tensor.einsum("bhid,ijd->bhij", q, a);
    return kind == Positions.RELATIVE_KEY
        ? fromQuery
        : fromQuery.add(Tensor.einsum("bhjd,ijd->bhij", k, a));
  }

  private Tensor split(Tensor x) {
    return x.unflatten(2, heads, headSize).transpose(1, 2);
  }
}
