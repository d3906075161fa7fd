package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@Tag("unit")
class LayersTest {
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Values at x = 1.5, derived by hand from each definition. */
  @TestFactory
  Stream<DynamicTest> activations() {
    double x = 1.5;
    double tanhGelu =
        0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    Map<String, Double> expected =
        Map.ofEntries(
            Map.entry("relu", x),
            Map.entry("gelu", x * 0.9331927987311419),
            Map.entry("gelu_new", tanhGelu),
            Map.entry("gelu_pytorch_tanh", tanhGelu),
            Map.entry("gelu_fast", tanhGelu),
            Map.entry("gelu_python", x * 0.9331927987311419),
            Map.entry("gelu_python_tanh", tanhGelu),
            Map.entry("gelu_accurate", tanhGelu),
            Map.entry("gelu_10", x * 0.9331927987311419),
            Map.entry("leaky_relu", x),
            Map.entry("laplace", 0.9975285409780703),
            Map.entry("quick_gelu", x / (1 + Math.exp(-1.702 * x))),
            Map.entry("silu", x / (1 + Math.exp(-x))),
            Map.entry("swish", x / (1 + Math.exp(-x))),
            Map.entry("tanh", Math.tanh(x)),
            Map.entry("sigmoid", 1 / (1 + Math.exp(-x))),
            Map.entry("relu2", x * x),
            Map.entry("mish", x * Math.tanh(Math.log1p(Math.exp(x)))),
            Map.entry("relu6", x),
            Map.entry("linear", x));
    assertThat(expected).hasSize(Activation.values().length);
    return expected.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> {
                  try (TensorScope inner = TensorScope.open()) {
                    Tensor y = Activation.named(entry.getKey()).apply(Tensor.scalar(x, DType.F64));
                    assertThat(y.item()).isCloseTo(entry.getValue(), within(1e-9));
                    assertThat(inner).isNotNull();
                  }
                }));
  }

  @Test
  void unknown_activations_are_named_with_the_known() {
    assertThatThrownBy(() -> Activation.named("gleu"))
        .hasMessageContaining("expected one of [relu, gelu")
        .hasMessageContaining("got gleu");
  }

  @Test
  void norms_equal_their_formulas() {
    Weights weights =
        Weights.from(
            WeightSource.of(
                Map.of(
                    "weight",
                    Tensor.of(new float[] {1, 2}),
                    "bias",
                    Tensor.of(new float[] {5, 6}))));
    Tensor x = Tensor.of(new float[] {3, 1}, 1, 2);
    try (LayerNorm layer = new LayerNorm(weights, 2, 0)) {
      assertThat(layer.apply(x).toFloatArray()).containsExactly(6, 4);
      RmsNorm rms = new RmsNorm(weights, 2, 0);
      double root = Math.sqrt(5);
      assertThat(rms.apply(x).toFloatArray()[0]).isCloseTo((float) (3 / root), within(1e-6f));
      assertThat(rms.apply(x).toFloatArray()[1]).isCloseTo((float) (2 / root), within(1e-6f));
    }
  }

  @Test
  void convolutions_slide() {
    Weights line =
        Weights.from(WeightSource.of(Map.of("weight", Tensor.of(new float[] {1, 10}, 1, 1, 2))));
    Weights plane =
        Weights.from(
            WeightSource.of(Map.of("weight", Tensor.ones(Shape.of(1, 1, 2, 2), DType.F32))));
    try (Conv1d conv1 = new Conv1d(line, 1, 1, 2, new Geometry(1, 1, 1, 1), false);
        Conv2d conv2 = new Conv2d(plane, 1, 1, 2, Geometry.PLAIN, false)) {
      assertThat(conv1.apply(Tensor.of(new float[] {1, 2, 3}, 1, 1, 3)).toFloatArray())
          .containsExactly(10, 21, 32, 3);
      assertThat(conv2.apply(Tensor.arange(9, DType.F32).reshape(1, 1, 3, 3)).toFloatArray())
          .containsExactly(8, 12, 20, 24);
    }
  }

  @Test
  void feed_forward_and_embedding_compose() {
    try (Generator generator = new Generator(2)) {
      Weights weights = Weights.initialise(generator, DType.F64);
      Embedding table = new Embedding(weights.child("table"), 11, 3, 0);
      Weights inside = weights.child("ffn");
      FeedForward ffn =
          new FeedForward(
              inside,
              Linear.of(inside.child("inner"), 3, 7),
              Linear.of(inside.child("outer"), 7, 3),
              Activation.RELU,
              new Dropout(0.1));
      Tensor x = table.apply(Tensor.of(new long[] {5, 0, 10}, 1, 3));
      assertThat(ffn.apply(x, Trace.NONE).shape()).isEqualTo(Shape.of(1, 3, 3));
      assertThat(ffn.parameters())
          .containsOnlyKeys(
              "ffn.inner.weight", "ffn.inner.bias", "ffn.outer.weight", "ffn.outer.bias");
      ffn.close();
      table.close();
    }
  }
}
