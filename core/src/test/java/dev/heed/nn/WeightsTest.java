package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class WeightsTest {
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static WeightSource checkpoint() {
    return WeightSource.of(
        Map.of(
            "layer.0.query.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3),
            "layer.0.query.bias", Tensor.of(new float[] {10, 20}),
            "pooler.weight", Tensor.of(new float[] {7})));
  }

  @Test
  void building_is_loading_by_name() {
    Weights weights = Weights.from(checkpoint());
    try (Linear query = Linear.of(weights.child("layer", 0).child("query"), 3, 2)) {
      assertThat(query.path()).isEqualTo("layer.0.query");
      assertThat(query.apply(Tensor.of(new float[] {1, 0, 1}, 1, 3)).toFloatArray())
          .containsExactly(14, 30);
      assertThat(query.parameters()).containsOnlyKeys("layer.0.query.weight", "layer.0.query.bias");
      assertThat(query.parameterCount()).isEqualTo(8);
      assertThat(query.weight().requiresGrad()).isFalse();
      query.requiresGrad(true);
      assertThat(query.weight().requiresGrad()).isTrue();
    }
  }

  @Test
  void every_missing_and_unused_key_is_named() {
    Weights weights = Weights.from(checkpoint());
    try (Linear query = Linear.of(weights.child("layer.0.query"), 3, 2);
        Linear key = Linear.of(weights.child("layer.0.key"), 3, 2)) {
      assertThat(query.parameters()).hasSize(2);
      assertThat(key.parameters()).hasSize(2);
      assertThatThrownBy(weights::requireAllUsed)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("missing [layer.0.key.weight, layer.0.key.bias]")
          .hasMessageContaining("unused [pooler.weight]");
    }
  }

  @Test
  void ignored_keys_are_not_unused() {
    Weights weights = Weights.from(checkpoint());
    weights.child("pooler").ignore("weight");
    try (Linear query = Linear.of(weights.child("layer.0.query"), 3, 2)) {
      weights.requireAllUsed();
      assertThat(query.path()).isNotEmpty();
    }
  }

  @Test
  void another_shape_is_refused() {
    Weights weights = Weights.from(checkpoint());
    try (Linear query = Linear.of(weights.child("layer.0.query"), 5, 2)) {
      assertThat(query.out()).isEqualTo(2);
      assertThatThrownBy(weights::requireAllUsed)
          .isInstanceOf(WeightsMismatchException.class)
          .hasMessageContaining("layer.0.query.weight: expected [2, 5], got [2, 3]");
    }
  }

  @Test
  void what_a_checkpoint_lacks_takes_no_memory() {
    Weights weights = Weights.from(checkpoint());
    long vast = 1L << 30;
    try (Linear query = Linear.of(weights.child("layer.0.query"), vast, vast);
        Linear other = Linear.of(weights.child("other"), vast, vast, false)) {
      assertThat(query.out()).isEqualTo(vast);
      assertThat(other.in()).isEqualTo(vast);
      assertThatThrownBy(weights::requireAllUsed)
          .hasMessageContaining("missing [other.weight")
          .hasMessageContaining("layer.0.query.weight: expected [1073741824, 1073741824]");
    }
  }

  @Test
  void a_config_that_asks_for_ever_more_is_refused_before_its_end() {
    Weights weights = Weights.from(checkpoint());
    assertThatThrownBy(
            () -> {
              for (int layer = 0; ; layer++) {
                weights.child("layers", layer).parameter("weight", Initializer.ZEROS, 3);
              }
            })
        .isInstanceOf(WeightsMismatchException.class)
        .hasMessageContaining("layers.0.weight")
        .hasMessageContaining("more");
    weights.discard();
  }

  @Test
  void sources_can_be_renamed_and_converted() {
    WeightSource renamed = checkpoint().renamed(name -> "bert." + name);
    Weights weights = Weights.from(renamed, DType.F64);
    try (Linear query = Linear.of(weights.child("bert.layer.0.query"), 3, 2)) {
      assertThat(query.weight().dtype()).isEqualTo(DType.F64);
    }
    assertThatThrownBy(() -> checkpoint().renamed(name -> "same"))
        .hasMessageContaining("the same name");
  }

  @Test
  void initialising_repeats_with_the_seed_and_trains() {
    try (Generator a = new Generator(9);
        Generator b = new Generator(9);
        Linear first = Linear.of(Weights.initialise(a, DType.F64), 5, 7);
        Linear second = Linear.of(Weights.initialise(b, DType.F64), 5, 7)) {
      assertThat(first.weight().toDoubleArray()).containsExactly(second.weight().toDoubleArray());
      assertThat(first.weight().requiresGrad()).isTrue();
      assertThat(first.weight().abs().max().item()).isLessThan(1 / Math.sqrt(5));
      assertThat(first.trainable()).containsOnlyKeys("weight", "bias");
    }
  }

  @Test
  void a_shared_name_is_one_parameter() {
    Weights weights = Weights.from(checkpoint());
    Tensor first = weights.parameter("pooler.weight", Initializer.ZEROS, 1);
    assertThat(weights.child("pooler").parameter("weight", Initializer.ZEROS, 1)).isSameAs(first);
    weights.close();
  }
}
