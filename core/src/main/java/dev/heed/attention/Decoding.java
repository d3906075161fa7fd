package dev.heed.attention;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Sequences under way: holds the state between the tokens and frees it when the next one replaces
 * it, so that memory stays flat however many tokens come.
 *
 * <p>For inference; one thread at a time. It lives no longer than the scope in which it was opened.
 */
public final class Decoding<S> implements AutoCloseable {
  private final StepwiseForm<S> form;
  private S state;

  private Decoding(StepwiseForm<S> form, long batch) {
    this.form = form;
    this.state = TensorScope.release(form.start(batch));
  }

  /** Begins so many sequences. */
  public static Decoding<?> of(StepwiseMixer mixer, long batch) {
    return of(mixer.stepwise(), batch);
  }

  /** Begins so many sequences. */
  public static <S> Decoding<S> of(StepwiseForm<S> form, long batch) {
    return new Decoding<>(form, batch);
  }

  /**
   * Takes one token of each sequence.
   *
   * @param x {@code [B, size]}
   * @return {@code [B, size]}, owned by the current scope
   */
  public Tensor next(Tensor x) {
    return TensorScope.run(() -> {
      StepwiseForm.Step<S> step = form.step(x, state);
      S before = state;
      state = TensorScope.release(step.state());
      TensorScope.discard(before);
      return step.output();
    });
  }

  @Override
  public void close() {
    TensorScope.discard(state);
  }
}
