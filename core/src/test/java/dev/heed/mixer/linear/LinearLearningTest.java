package dev.heed.mixer.linear;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.Overfit;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One layer learns to copy: three words, then three blanks in whose places it must say the words.
 * Only attention can carry them over.
 */
@Tag("integration")
class LinearLearningTest {
  private static final long SIZE = 16;
  private static final long WORDS = 5;
  private static final int HALF = 3;
  private static final long SEED = 19;

  /** A module and what it computes. */
  private record Mixer(Module module, UnaryOperator<Tensor> mix) {}

  @Test
  void a_linear_transformer_learns_to_copy() {
    assertThat(
            loss((weights, random) -> {
              LinearTransformerAttention layer =
                  new LinearTransformerAttention(weights, SIZE, 2, true);
              return new Mixer(layer, x -> layer.apply(x, (Tensor) null));
            }))
        .isLessThan(0.05);
  }

  @Test
  void a_performer_learns_to_copy() {
    assertThat(
            loss((weights, random) -> {
              PerformerSelfAttention layer =
                  new PerformerSelfAttention(
                      weights, new PerformerSelfAttention.Config(SIZE, 2, 8, 23, true));
              return new Mixer(layer, layer::apply);
            }))
        .isLessThan(0.05);
  }

  @Test
  void a_linformer_learns_to_copy() {
    assertThat(
            loss((weights, random) -> {
              Linformer layer =
                  new Linformer(weights, new Linformer.Config(SIZE, 2 * HALF, 4, 2, false, false));
              return new Mixer(layer, x -> layer.apply(x).output());
            }))
        .isLessThan(0.05);
  }

  @Test
  void memory_compressed_attention_learns_to_copy() {
    assertThat(
            loss((weights, random) -> {
              MemoryCompressedAttention layer =
                  new MemoryCompressedAttention(
                      weights, new MemoryCompressedAttention.Config(SIZE, 2, 3, true));
              return new Mixer(layer, x -> layer.apply(x).output());
            }))
        .isLessThan(0.05);
  }

  private static double loss(BiFunction<Weights, Generator, Mixer> build) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Weights weights = Weights.initialise(random, DType.F32);
      Mixer mixer = build.apply(weights.child("mixer"), random);
      try (Module layer = mixer.module();
          Embedding words = new Embedding(weights.child("words"), WORDS + 1, SIZE, -1);
          Embedding places = new Embedding(weights.child("places"), 2L * HALF, SIZE, -1);
          Linear head = Linear.of(weights.child("head"), SIZE, WORDS)) {
        Tensor said = Tensor.randint(random, WORDS, Shape.of(7, HALF));
        Tensor blanks = Tensor.full(said.shape(), WORDS, DType.I64);
        Tensor input = Tensor.cat(List.of(said, blanks), 1);
        Tensor order = Tensor.arange(2L * HALF, DType.I64).unsqueeze(0);
        return Overfit.loss(
            List.of(layer, words, places, head),
            () -> {
              Tensor x = words.apply(input).add(places.apply(order));
              Tensor logits = head.apply(mixer.mix().apply(x)).narrow(1, HALF, HALF);
              return Overfit.crossEntropy(logits, said);
            },
            400,
            0.02);
      }
    }
  }
}
