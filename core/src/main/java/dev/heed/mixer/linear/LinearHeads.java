package dev.heed.mixer.linear;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.RequestLimits;
import dev.heed.attention.StepwiseForm;
import dev.heed.nn.Linear;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** Projections into heads, {@link LinearAttention} in each, a projection back. */
record LinearHeads(
    Linear query,
    Linear key,
    Linear value,
    Linear out,
    HeadSplit heads,
    LinearAttention attention) {
  /**
   * Mixes a sequence.
   *
   * @param x {@code [B, T, size]}
   * @param allowed which places there are, {@code [B, T]}, or null for all
   */
  Tensor apply(Tensor x, @Nullable Tensor allowed) {
    return TensorScope.run(() -> {
      Tensor places = allowed == null ? null : allowed.unsqueeze(1).unsqueeze(3);
      Tensor mixed =
          attention.apply(
              heads.split(query.apply(x)),
              heads.split(key.apply(x)),
              heads.split(value.apply(x)),
              places);
      return out.apply(heads.merge(mixed));
    });
  }

  /** As {@link #apply(Tensor, Tensor)}, for a request with no mask but padding. */
  AttentionOutput apply(Tensor x, AttentionRequest request, String name) {
    return TensorScope.run(() -> {
      Tensor there = new RequestLimits(name, attention.causal(), true).check(x, request);
      return AttentionOutput.of(request.visit("output", apply(x, there)));
    });
  }

  /** The attention map that the features amount to, {@code [B, H, T, T]}. */
  Tensor weights(Tensor x) {
    return TensorScope.run(
        () -> attention.weights(heads.split(query.apply(x)), heads.split(key.apply(x)), null));
  }

  /** The recurrent form. */
  StepwiseForm<LinearAttention.State> stepwise(String name) {
    if (!attention.causal()) {
      throw new IllegalStateException(
          name + ": it looks both ways; build a causal one to go token by token");
    }
    return new Recurrent(this);
  }

  private record Recurrent(LinearHeads of) implements StepwiseForm<LinearAttention.State> {
    @Override
    public LinearAttention.State start(long batch) {
      return TensorScope.run(() -> {
        Tensor keys = of.key.weight();
        Shape token = Shape.of(batch, 1, keys.size(0));
        Tensor none = of.heads.split(Tensor.zeros(token, keys.dtype()));
        return of.attention.start(none, none);
      });
    }

    @Override
    public Step<LinearAttention.State> step(Tensor x, LinearAttention.State state) {
      return TensorScope.run(() -> {
        Tensor token = x.unsqueeze(1);
        LinearAttention.Step step =
            of.attention.step(
                of.heads.split(of.query.apply(token)),
                of.heads.split(of.key.apply(token)),
                of.heads.split(of.value.apply(token)),
                state);
        return new Step<>(of.out.apply(of.heads.merge(step.output())).squeeze(1), step.state());
      });
    }
  }
}
