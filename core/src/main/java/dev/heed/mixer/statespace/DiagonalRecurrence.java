package dev.heed.mixer.statespace;

import dev.heed.tensor.Fourier;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.stream.LongStream;

/**
 * Steps of a diagonal system over one half of each conjugate pair.
 *
 * @param a {@code [H, N]}
 * @param b {@code [H, N]}
 * @param c {@code [K, H, N]}
 */
record DiagonalRecurrence(Tensor a, Tensor b, Tensor c) implements LinearRecurrence {
  @Override
  public Tensor start(long... leading) {
    return Tensor.zeros(sizes(leading, a), a.dtype());
  }

  @Override
  public Step step(Tensor state, Tensor u) {
    return TensorScope.run(() -> {
      Tensor next = a.mul(state).add(b.mul(u.unsqueeze(-1)));
      Tensor output = Fourier.real(c.mul(next.unsqueeze(-3)).sum(-1, false)).mul(2);
      return new Step(output, next);
    });
  }

  /** The leading sizes before those of {@code [H, N]}. */
  static Shape sizes(long[] leading, Tensor channelsByState) {
    return Shape.of(
        LongStream.concat(LongStream.of(leading), LongStream.of(channelsByState.shape().toArray()))
            .toArray());
  }
}
