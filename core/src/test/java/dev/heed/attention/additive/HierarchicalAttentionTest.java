package dev.heed.attention.additive;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.Overfit;
import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class HierarchicalAttentionTest {
  private static final int SIZE = 3;
  private static final int HIDDEN = 2;

  /** With W = 1 and c = 1: scores tanh(0) = 0 and tanh(½ ln 3) = ½, so weights 1 and √e. */
  @Test
  void a_question_weighs_tokens_by_the_softmax_of_tanh() {
    try (TensorScope scope = TensorScope.open();
        ContextAttention attention =
            new ContextAttention(
                Weights.from(
                    WeightSource.of(
                        Map.of(
                            "map.weight", Tensor.ones(Shape.of(1, 1), DType.F64),
                            "map.bias", Tensor.zeros(Shape.of(1), DType.F64),
                            "context", Tensor.ones(Shape.of(1), DType.F64)))),
                1,
                1)) {
      double x = Math.log(3) / 2;
      Tensor h = Tensor.of(new double[] {0, x, 7}, 1, 3, 1);
      Tensor there = Tensor.of(new boolean[] {true, true, false}, 1, 3);
      ContextAttention.Summary summary = attention.apply(h, there);
      double second = Math.sqrt(Math.E) / (1 + Math.sqrt(Math.E));
      assertValues(summary.weights(), 1 - second, second, 0);
      assertValues(summary.output(), second * x);
    }
  }

  @Test
  void weights_of_both_levels_sum_to_one_and_shares_to_the_document() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(3);
        HierarchicalAttention attention = attention(random)) {
      Tensor x = Tensor.randn(random, Shape.of(2, 5, 7, SIZE), DType.F64);
      Tensor lengths = Tensor.of(new long[] {7, 1, 3, 0, 0, 2, 7, 4, 5, 6}, 2, 5);
      HierarchicalAttention.Reading reading = attention.apply(x, lengths);
      assertThat(reading.output().shape()).isEqualTo(Shape.of(2, 2 * HIDDEN));
      assertClose(reading.words().sum(-1, false), lengths.gt(0).to(DType.F64));
      assertClose(reading.sentences().sum(-1, false), Tensor.ones(Shape.of(2), DType.F64));
      assertClose(
          reading.shares().sum(-1, false).sum(-1, false), Tensor.ones(Shape.of(2), DType.F64));
      Tensor places = Tensor.arange(7, DType.I64).lt(lengths.unsqueeze(-1));
      assertThat(reading.words().gt(0).ne(places).any().itemLong()).isZero();
    }
  }

  /** Words beyond a sentence, sentences beyond a document and other documents do not count. */
  @Test
  void padding_changes_nothing() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(5);
        HierarchicalAttention attention = attention(random)) {
      Tensor document = Tensor.randn(random, Shape.of(1, 3, 5, SIZE), DType.F64);
      Tensor lengths = Tensor.of(new long[] {5, 2, 3}, 1, 3);
      HierarchicalAttention.Reading alone = attention.apply(document, lengths);
      Tensor wide = Tensor.randn(random, Shape.of(2, 7, 11, SIZE), DType.F64);
      Tensor ofOther = wide.narrow(0, 1, 1);
      Tensor words = wide.narrow(0, 0, 1).narrow(1, 0, 3).narrow(2, 5, 6);
      Tensor sentences = wide.narrow(0, 0, 1).narrow(1, 3, 4);
      Tensor filled = Tensor.cat(List.of(Tensor.cat(List.of(document, words), 2), sentences), 1);
      Tensor both = Tensor.cat(List.of(filled, ofOther), 0);
      Tensor more = Tensor.of(new long[] {5, 2, 3, 0, 0, 0, 0, 11, 1, 2, 3, 4, 5, 6}, 2, 7);
      HierarchicalAttention.Reading padded = attention.apply(both, more);
      assertClose(padded.output().narrow(0, 0, 1), alone.output());
      assertClose(padded.words().narrow(0, 0, 1).narrow(1, 0, 3).narrow(2, 0, 5), alone.words());
      assertClose(padded.sentences().narrow(0, 0, 1).narrow(1, 0, 3), alone.sentences());
    }
  }

  @Test
  void a_document_without_words_is_zeros_and_has_zero_gradients() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(7);
        HierarchicalAttention attention = attention(random)) {
      Tensor x = Tensor.randn(random, Shape.of(1, 2, 3, SIZE), DType.F64).requiresGrad(true);
      Tensor none = Tensor.zeros(Shape.of(1, 2), DType.I64);
      Tensor output = attention.apply(x, none).output();
      assertEqual(output, Tensor.zeros(Shape.of(1, 2 * HIDDEN), DType.F64));
      assertEqual(
          Gradients.of(output.sum(), List.of(x)).getFirst(), Tensor.zeros(x.shape(), DType.F64));
    }
  }

  @Test
  void gradients_equal_central_differences() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(11);
        HierarchicalAttention attention = attention(random)) {
      Tensor lengths = Tensor.of(new long[] {3, 1, 0, 2, 3, 1}, 2, 3);
      Tensor seed = Tensor.randn(random, Shape.of(2, 2 * HIDDEN), DType.F64);
      Tensor x = Tensor.randn(random, Shape.of(2, 3, 3, SIZE), DType.F64);
      List<Tensor> inputs = new ArrayList<>(attention.trainable().values());
      inputs.addFirst(x);
      GradientCheck.check(() -> attention.apply(x, lengths).output().mul(seed).sum(), inputs, 1e-7);
    }
  }

  /** The class is told by one word in one sentence; the rest says nothing. */
  @Test
  void it_learns_documents_and_looks_at_the_word_that_tells() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(13)) {
      Weights weights = Weights.initialise(random, DType.F32);
      try (Embedding words = new Embedding(weights.child("embedding"), 13, 8, -1);
          HierarchicalAttention attention =
              new HierarchicalAttention(weights.child("attention"), 8, 5);
          Linear head = Linear.of(weights.child("head"), 10, 3)) {
        int documents = 11;
        Tensor ids = Tensor.randint(random, 10, Shape.of(documents, 3, 5));
        long[] classes = new long[documents];
        long[] all = ids.toLongArray();
        for (int i = 0; i < documents; i++) {
          classes[i] = i % 3;
          all[i * 15 + (i * 7) % 15] = 10 + classes[i];
        }
        Tensor told = Tensor.of(all, documents, 3, 5);
        Tensor lengths = Tensor.full(Shape.of(documents, 3), 5, DType.I64);
        Tensor target = Tensor.of(classes, documents, 1);
        double loss =
            Overfit.loss(
                List.of(words, attention, head),
                () -> {
                  Tensor x = words.apply(told).mul(20);
                  Tensor read = attention.apply(x, lengths).output();
                  return Overfit.crossEntropy(head.apply(read).unsqueeze(1), target);
                },
                120,
                0.02);
        assertThat(loss).isLessThan(0.05);
        HierarchicalAttention.Reading reading = attention.apply(words.apply(told).mul(20), lengths);
        double telling = reading.shares().mul(told.ge(10).to(DType.F32)).sum().item() / documents;
        assertThat(telling).as("share of the telling words, by chance 1/15").isGreaterThan(0.2);
      }
    }
  }

  @Test
  void lengths_that_do_not_fit_are_named() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(17);
        HierarchicalAttention attention = attention(random)) {
      Tensor x = Tensor.randn(random, Shape.of(1, 2, 3, SIZE), DType.F64);
      assertThatThrownBy(() -> attention.apply(x, Tensor.of(new long[] {3, 4}, 1, 2)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("lengths [B, S] from 0 to W");
      assertThatThrownBy(() -> attention.apply(x, Tensor.of(new long[] {3}, 1, 1)))
          .isInstanceOf(ShapeException.class);
    }
  }

  private static HierarchicalAttention attention(Generator random) {
    return new HierarchicalAttention(Weights.initialise(random, DType.F64), SIZE, HIDDEN);
  }
}
