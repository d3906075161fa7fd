package dev.heed.model.wav2vec2;

import dev.heed.model.EncoderModel;
import dev.heed.model.Run;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An encoder of sounds without its head.
 *
 * @param parts of which it consists
 * @param input what it reads: {@code input_values} {@code [B, samples]} or {@code input_features}
 *     {@code [B, frames, bands]}
 * @param states how many states come of so many samples or frames, i64 to i64 of the same shape
 * @param size of a state
 */
public record SpeechEncoder(
    EncoderModel.Parts parts, String input, UnaryOperator<Tensor> states, int size) {
  /** How many states each sound has, i64 {@code [B]}. */
  Tensor counts(Run run) {
    Tensor there = run.input().truth("attention_mask");
    Tensor sound = run.input().require(input);
    return TensorScope.run(() ->
        states.apply(
            there == null
                ? Tensor.full(Shape.of(sound.size(0)), sound.size(1), DType.I64)
                : there.to(DType.I64).sum(1, false)));
  }

  /** Which of so many states are there, bool {@code [B, count]}; null for all. */
  @Nullable Tensor keep(Run run, long count) {
    return run.input().truth("attention_mask") == null
        ? null
        : TensorScope.run(
            () -> Tensor.arange(count, DType.I64).unsqueeze(0).lt(counts(run).unsqueeze(1)));
  }
}
