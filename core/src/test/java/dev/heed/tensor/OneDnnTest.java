package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.tensor.EnginesCompared.Input;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That nothing depends on oneDNN, and that it is used only where it computes right. */
@Tag("integration")
class OneDnnTest {
  private boolean before;

  @BeforeEach
  void ask() {
    before = Backend.usesOneDnn();
  }

  @AfterEach
  void restore() {
    OneDnn.use(before);
  }

  @Test
  void where_it_is_used_its_gradients_are_right() {
    boolean agrees = OneDnnTrial.agrees();
    assertThat(agrees || !before).as("oneDNN is used, and its trial failed").isTrue();
  }

  @Test
  void products_and_packed_maps_agree_without_it() {
    OneDnn.use(false);
    EnginesCompared engines = new EnginesCompared(4);
    for (DType type : List.of(DType.F32, DType.BF16)) {
      for (long rows : new long[] {1, 5, 130}) {
        engines.compare(
            "without oneDNN",
            List.of(Input.of(type, rows, 129), Input.of(type, 67, 129), Input.of(type, 67)),
            x -> {
              try (PackedLinear map = PackedLinear.of(List.of(x.get(1)), List.of(x.get(2)))) {
                return List.of(
                    map.apply(x.getFirst(), PackedLinear.Then.GELU),
                    x.get(0).linear(x.get(1), x.get(2)),
                    x.get(0).linear(x.get(1), null),
                    x.get(0).matmul(x.get(1).transpose(0, 1)));
              }
            });
      }
    }
    assertThat(engines.differences()).isEmpty();
    assertThat(engines.compared()).isEqualTo(6);
  }

  @Test
  void half_products_keep_their_gradients_without_it() {
    OneDnn.use(false);
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).to(DType.BF16).requiresGrad(true);
      Tensor w = Tensor.of(new float[] {1, -1, 2, 3}, 2, 2).to(DType.BF16);
      x.linear(w, null).sum().add(x.matmul(w).sum()).backward();
      Tensor gradient = Objects.requireNonNull(x.grad());
      assertThat(gradient.dtype()).isEqualTo(DType.BF16);
      // Sums of w's columns, and of its rows.
      assertThat(gradient.to(DType.F32).toFloatArray()).containsExactly(3, 7, 3, 7);
    }
  }
}
