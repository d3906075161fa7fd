package dev.heed.mixer.statespace;

import dev.heed.attention.StepwiseForm;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.BinaryOperator;

/**
 * The recurrent form of a block with one state space a channel, whose outputs then mix.
 *
 * @param recurrence of the state spaces
 * @param finish makes the block's output {@code [B, H]} of the state spaces' {@code [B, K, H]} and
 *     the token {@code [B, H]}
 */
record ChannelwiseForm(LinearRecurrence recurrence, BinaryOperator<Tensor> finish)
    implements StepwiseForm<Tensor> {
  @Override
  public Tensor start(long batch) {
    return recurrence.start(batch);
  }

  @Override
  public Step<Tensor> step(Tensor x, Tensor state) {
    return TensorScope.run(() -> {
      LinearRecurrence.Step next = recurrence.step(state, x);
      return new Step<>(finish.apply(next.output().to(x.dtype()), x), next.state());
    });
  }
}
