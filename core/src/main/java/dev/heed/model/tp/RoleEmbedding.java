package dev.heed.model.tp;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Embedded tokens bound to roles of their own: {@code x = e·√d + sinusoid, z = x ⊙ (W·x + b + 1)}
 * (Schlag et al. 2019, section 2.2).
 */
final class RoleEmbedding extends Module {
  private final Embedding tokens;
  private final Linear role;

  RoleEmbedding(Weights weights, long vocabulary, long size) {
    super(weights);
    this.tokens = new Embedding(weights.child("tok_embedding"), vocabulary, size, -1);
    this.role = Linear.of(weights.child("linear"), size, size);
  }

  /** Ids {@code [B, T]} as {@code [B, T, size]}. */
  Tensor apply(Tensor ids) {
    return TensorScope.run(() -> {
      Tensor embedded = tokens.apply(ids);
      long size = embedded.size(-1);
      Tensor places = SinusoidalPositions.PAPER.table(0, ids.size(1), size, embedded.dtype());
      Tensor x = embedded.mul(Math.sqrt(size)).add(places);
      return x.mul(role.apply(x).add(1));
    });
  }

  /** {@code [vocabulary, size]}. */
  Tensor table() {
    return tokens.weight();
  }
}
