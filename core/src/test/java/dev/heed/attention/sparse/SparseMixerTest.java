package dev.heed.attention.sparse;

import static dev.heed.fixture.TensorAssert.assertClose;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Linear;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mixers give what the mechanisms that equal their recordings give. */
@Tag("unit")
class SparseMixerTest {
  private static final int SIZE = 6;
  private static final int WINDOW = 2;

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "13, 0", "13, 1", "13, 3", "2, 3"})
  void longformer_equals_its_columns(int length, int globals) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(3);
        LongformerMixer mixer =
            new LongformerMixer(
                Weights.initialise(generator, DType.F64), SIZE, 2, WINDOW, globals)) {
      Map<String, Tensor> shared = new HashMap<>(mixer.parameters());
      try (LongformerAttention columns =
              new LongformerAttention(
                  Weights.from(WeightSource.of(shared)),
                  SIZE,
                  2,
                  tokens -> LocalColumns.sliding(tokens, WINDOW, 1));
          Linear output =
              Linear.of(Weights.from(WeightSource.of(shared)).child("output"), SIZE, SIZE)) {
        Tensor x = Tensor.randn(generator, Shape.of(2, length, SIZE), DType.F64);
        int real = Math.max(1, length - 4);
        Tensor places = Tensor.arange(length, DType.I64).unsqueeze(0);
        Tensor lengths = Tensor.of(new long[] {real, length}, 2).unsqueeze(1);
        Tensor there = places.lt(lengths).to(DType.I64);
        Tensor kinds = places.lt(globals).to(DType.I64).add(there).sub(1);
        // 1 global, 0 local, -1 padding: a padded token is never global.
        Tensor kind = kinds.mul(there).add(there.sub(1));
        Tensor expected = output.apply(columns.apply(x, kind).output());
        AttentionRequest padded = AttentionRequest.of(AttentionMask.lengths(real, length));
        assertClose(mixer.apply(x, padded).output(), expected);
      }
    }
  }

  @Test
  void longformer_has_the_gradients_of_its_columns() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(5);
        LongformerMixer mixer =
            new LongformerMixer(Weights.initialise(generator, DType.F64), SIZE, 2, WINDOW, 1)) {
      Map<String, Tensor> shared = new HashMap<>(mixer.parameters());
      try (LongformerAttention columns =
              new LongformerAttention(
                  Weights.from(WeightSource.of(shared)),
                  SIZE,
                  2,
                  tokens -> LocalColumns.sliding(tokens, WINDOW, 1));
          Linear output =
              Linear.of(Weights.from(WeightSource.of(shared)).child("output"), SIZE, SIZE)) {
        Tensor x = Tensor.randn(generator, Shape.of(2, 11, SIZE), DType.F64).requiresGrad(true);
        Tensor first = Tensor.arange(11, DType.I64).lt(1).to(DType.I64).expand(2, 11);
        Tensor wanted = output.apply(columns.apply(x, first).output()).square().sum();
        Tensor got = mixer.apply(x, AttentionRequest.plain()).output().square().sum();
        assertClose(
            Gradients.of(got, List.of(x)).getFirst(), Gradients.of(wanted, List.of(x)).getFirst());
      }
    }
  }

  /** Of two chunks each sees itself and the other: hashing leaves nothing out. */
  @Test
  void reformer_with_two_chunks_is_full_attention() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(7);
        LshSelfAttention layer =
            new LshSelfAttention(Weights.initialise(generator, DType.F64), SIZE, 2)) {
      for (boolean causal : new boolean[] {false, true}) {
        LshMixer mixer = new LshMixer(layer, new LshAttention(13, causal, false, true), 1, 11);
        Tensor x = Tensor.randn(generator, Shape.of(2, 11, SIZE), DType.F64);
        AttentionRequest request = AttentionRequest.plain().withWeights();
        assertClose(mixer.apply(x, request).output(), layer.full(x, causal));
        Tensor rows = mixer.apply(x, request).requireWeights().sum(-1, false);
        assertClose(rows, Tensor.ones(Shape.of(2, 2, 11), DType.F64));
      }
    }
  }
}
