package dev.heed.attention.additive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.additive.LuongAttention.Score;
import dev.heed.fixture.Overfit;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recurrent translators learn to repeat sources that they see through attention. */
@Tag("integration")
class AdditiveLearningTest {
  private static final long SEED = 23;
  private static final long WORDS = 7;

  @Test
  void a_bahdanau_translator_learns_to_copy() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        BahdanauEncoderDecoder model =
            new BahdanauEncoderDecoder(
                Weights.initialise(random, DType.F32),
                new BahdanauEncoderDecoder.Config(WORDS, WORDS, 11, 13, 1))) {
      Tensor source = Tensor.randint(random, WORDS, Shape.of(5, 4));
      Tensor lengths = Tensor.full(Shape.of(5), 4, DType.I64);
      Tensor fed = source.roll(1, 1);
      double loss =
          Overfit.loss(
              List.of(model),
              () ->
                  Overfit.crossEntropy(
                      model.apply(source, lengths, fed).logProbabilities(), source),
              150,
              0.02);
      assertThat(loss).isLessThan(0.05);
    }
  }

  @Test
  void an_input_feeding_decoder_learns_to_read_its_memory_in_order() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        InputFeedingDecoder decoder =
            new InputFeedingDecoder(
                Weights.initialise(random, DType.F32),
                new InputFeedingDecoder.Config(WORDS, 5, 13, 1, CellKind.LSTM, Score.GENERAL));
        Linear head = Linear.of(Weights.initialise(random, DType.F32), 13, WORDS)) {
      Tensor words = Tensor.randint(random, WORDS, Shape.of(5, 4));
      Tensor table = Tensor.randn(random, WORDS, 13);
      Tensor order = Tensor.randn(random, 1, 4, 13);
      Tensor memory = table.embedding(words, -1).add(order);
      Tensor lengths = Tensor.full(Shape.of(5), 4, DType.I64);
      Tensor blank = Tensor.zeros(words.shape(), DType.I64);
      Tensor zero = Tensor.zeros(Shape.of(1, 5, 13), DType.F32);
      double loss =
          Overfit.loss(
              List.of(decoder, head),
              () ->
                  Overfit.crossEntropy(
                      head.apply(decoder.apply(blank, memory, lengths, zero, zero).outputs()),
                      words),
              200,
              0.02);
      assertThat(loss).isLessThan(0.05);
    }
  }
}
