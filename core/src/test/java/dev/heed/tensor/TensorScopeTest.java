package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class TensorScopeTest {
  private record Pair(Tensor first, List<Tensor> rest, int number) {}

  private static Tensor three() {
    return Tensor.of(new float[] {1, 2, 3});
  }

  @Test
  void closing_frees_what_was_made() {
    long before = TensorScope.liveHandles();
    Tensor escaped;
    try (TensorScope scope = TensorScope.open()) {
      escaped = three();
      assertThat(TensorScope.liveHandles()).isEqualTo(before + 1);
      assertThat(escaped.isClosed()).isFalse();
    }
    assertThat(escaped.isClosed()).isTrue();
    assertThat(TensorScope.liveHandles()).isEqualTo(before);
    assertThatThrownBy(escaped::exp)
        .isInstanceOf(ClosedTensorException.class)
        .hasMessageContaining("keep it with TensorScope.keep");
  }

  @Test
  void keep_hands_every_tensor_of_a_result_to_the_enclosing_scope() {
    try (TensorScope outer = TensorScope.open()) {
      Pair kept =
          TensorScope.run(() -> {
            Tensor dropped = three();
            return new Pair(dropped.mul(2), List.of(dropped.mul(3), dropped.mul(4)), 7);
          });
      assertThat(kept.first().toFloatArray()).containsExactly(2, 4, 6);
      assertThat(kept.rest().get(1).toFloatArray()).containsExactly(4, 8, 12);
      Map<String, Optional<Tensor[]>> nested =
          TensorScope.run(() -> Map.of("a", Optional.of(new Tensor[] {three()})));
      assertThat(nested.values())
          .allSatisfy(held -> assertThat(held.orElseThrow()[0].isClosed()).isFalse());
      assertThat(outer).isNotNull();
    }
  }

  @Test
  void released_tensors_belong_to_the_caller() {
    Tensor own;
    try (TensorScope scope = TensorScope.open()) {
      own = TensorScope.release(three());
      assertThat(scope).isNotNull();
    }
    assertThat(own.isClosed()).isFalse();
    own.close();
    own.close();
    assertThat(own.isClosed()).isTrue();
  }

  @Test
  void strict_mode_refuses_tensors_without_a_scope() {
    long before = TensorScope.liveHandles();
    assertThatThrownBy(TensorScopeTest::three)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("open a TensorScope around the work");
    assertThat(TensorScope.liveHandles()).isEqualTo(before);
  }

  @Test
  void scopes_nest_strictly_and_stay_on_their_thread() throws Exception {
    TensorScope outer = TensorScope.open();
    TensorScope inner = TensorScope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("scopes nest strictly");
    Throwable[] thrown = new Throwable[1];
    Thread other =
        new Thread(() -> {
          try {
            inner.close();
          } catch (WrongThreadException e) {
            thrown[0] = e;
          }
        });
    other.start();
    other.join();
    assertThat(thrown[0]).isInstanceOf(WrongThreadException.class);
    inner.close();
    outer.close();
    assertThatThrownBy(outer::close).hasMessageContaining("closed");
  }

  @Test
  void a_long_lived_scope_does_not_grow_with_work_done() {
    try (TensorScope outer = TensorScope.open()) {
      long before = TensorScope.liveHandles();
      for (int i = 0; i < 5000; i++) {
        three().close();
      }
      assertThat(TensorScope.liveHandles()).isEqualTo(before);
      assertThat(outer.size()).isLessThan(1000);
    }
  }

  @Test
  void closing_keeps_what_the_graph_of_gradients_needs() {
    try (TensorScope outer = TensorScope.open()) {
      Tensor x = three().requiresGrad(true);
      Tensor loss = TensorScope.run(() -> x.mul(x).exp().sum());
      float[] gradient = Gradients.of(loss, List.of(x)).getFirst().toFloatArray();
      assertThat(gradient[1]).isCloseTo((float) (4 * Math.exp(4)), within());
      assertThat(outer).isNotNull();
    }
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.api.Assertions.within(1e-3f);
  }

  @Test
  void inference_records_nothing() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = three().requiresGrad(true);
      try (TensorScope inference = TensorScope.inference()) {
        assertThat(x.mul(2).requiresGrad()).isFalse();
        assertThat(inference).isNotNull();
      }
      assertThat(x.mul(2).requiresGrad()).isTrue();
      assertThat(scope).isNotNull();
    }
  }
}
