package dev.heed.model.vit;

import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** {@code x += attention(norm x); x += mlp(norm x)} with one joint projection to q, k and v. */
final class PatchBlock extends Module {
  private final LayerNorm beforeAttention;
  private final LayerNorm beforeMlp;
  private final Linear queryKeyValue;
  private final Linear projection;
  private final FeedForward mlp;
  private final int heads;

  PatchBlock(Weights weights, PatchClassifierConfig config) {
    super(weights);
    int size = config.size();
    this.heads = config.heads();
    this.beforeAttention = new LayerNorm(weights.child("norm1"), size, config.epsilon());
    this.beforeMlp = new LayerNorm(weights.child("norm2"), size, config.epsilon());
    this.queryKeyValue = Linear.of(weights.child("attn.qkv"), size, 3L * size);
    this.projection = Linear.of(weights.child("attn.proj"), size, size);
    this.mlp =
        new FeedForward(
            weights.child("mlp"),
            Linear.of(weights.child("mlp.fc1"), size, config.inner()),
            Linear.of(weights.child("mlp.fc2"), config.inner(), size),
            Activation.GELU,
            new Dropout(0));
  }

  String pattern() {
    return point("attn.pattern");
  }

  Tensor apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor attended = x.add(attend(beforeAttention.apply(x), trace));
      return attended.add(mlp.apply(beforeMlp.apply(attended), trace));
    });
  }

  private Tensor attend(Tensor x, Trace trace) {
    long headSize = x.size(-1) / heads;
    // [B, T, 3·H·D] -> [3, B, H, T, D]
    Tensor joint = queryKeyValue.apply(x).unflatten(-1, 3, heads, headSize).permute(2, 0, 3, 1, 4);
    Tensor scores =
        joint.select(0, 0).matmul(joint.select(0, 1).transpose(-1, -2)).div(Math.sqrt(headSize));
    Tensor weights = trace.visit(pattern(), scores.softmax(-1));
    return projection.apply(weights.matmul(joint.select(0, 2)).transpose(1, 2).flatten(2, 3));
  }
}
