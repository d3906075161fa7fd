package dev.heed.attention;

import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.SinkScore;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention with a learned sink: {@code weights = softmax([scores, sinkₕ])} without its
 * last column, so that a head may attend to nothing (gpt-oss; OpenAI 2025).
 *
 * <p>The sink is a key and a value of zeros in front of the others, which every query sees. Rows of
 * weights sum to less than one.
 *
 * @param plain what reads keys and values
 * @param sinks {@code [H]}
 */
public record SinkAttention(ScaledDotProduct plain, Tensor sinks) implements AttentionMechanism {
  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      if (request.weights() || request.wants("scores") || request.wants("pattern")) {
        return plain.written(q, k, v, request, sinks);
      }
      AttentionRequest behind = request.behindPrefix(1);
      @Nullable ScoreModifier given = behind.modifier();
      ScoreModifier sink = new SinkScore(sinks);
      return plain.apply(
          q,
          behindZero(k),
          behindZero(v),
          behind.withModifier(given == null ? sink : sink.then(given)));
    });
  }

  private static Tensor behindZero(Tensor x) {
    Tensor zero = Tensor.zeros(Shape.of(x.size(0), x.size(1), 1, x.size(3)), x.dtype());
    return Tensor.cat(List.of(zero, x), 2);
  }
}
