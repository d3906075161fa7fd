package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.Supplier;

/** How queries read keys and values. */
@FunctionalInterface
public interface AttentionMechanism {
  /**
   * What each query reads of the values: {@code [B, H, Tq, Dv]}, by weights, features or otherwise.
   *
   * @param q {@code [B, H, Tq, D]}
   * @param k {@code [B, Hkv, Tk, D]}; query head {@code h} reads key head {@code h / (H / Hkv)}
   * @param v {@code [B, Hkv, Tk, Dv]}
   * @param request mask, score changes, and whether weights are wanted
   * @return output {@code [B, H, Tq, Dv]}, owned by the current scope
   * @throws dev.heed.tensor.ShapeException if the shapes do not fit
   * @throws UnsupportedOperationException if the mechanism cannot do what is asked, for example a
   *     mask that it has no meaning for
   */
  AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request);

  /**
   * The same with scores changed by what is made anew for every call, before any change that the
   * request asks for.
   *
   * @param change which may read parameters' values
   */
  default AttentionMechanism changed(Supplier<ScoreModifier> change) {
    return (q, k, v, request) ->
        TensorScope.run(() -> {
          ScoreModifier given = request.modifier();
          ScoreModifier own = change.get();
          return apply(q, k, v, request.withModifier(given == null ? own : own.then(given)));
        });
  }

  /** The same, which also forbids what a pattern forbids. */
  default AttentionMechanism within(AttentionMask pattern) {
    return (q, k, v, request) -> apply(q, k, v, request.narrowedTo(pattern));
  }
}
