package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.nn.ReversibleSequence.Block;
import dev.heed.nn.ReversibleSequence.Part;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ReversibleSequenceTest {
  private static final int DEPTH = 5;

  @Test
  void gradients_equal_those_of_the_ordinary_backward_pass() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(31)) {
      List<Tensor> maps = new ArrayList<>();
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < DEPTH; i++) {
        Tensor f = leaf(random, 3, 3);
        Tensor g = leaf(random, 3, 3);
        maps.addAll(List.of(f, g));
        blocks.add(new Block(part(f), part(g)));
      }
      Tensor x = leaf(random, 2, 7, 6);
      Tensor seed = Tensor.randn(random, Shape.of(2, 7, 6), DType.F64);
      List<Tensor> targets = new ArrayList<>(maps);
      targets.add(x);
      Tensor plain = plain(maps, x);
      Tensor reversible = new ReversibleSequence(blocks).apply(x);
      assertThat(reversible.toDoubleArray()).containsExactly(plain.toDoubleArray(), within(1e-12));
      List<Tensor> expected = Gradients.of(plain, seed, targets);
      List<Tensor> actual = Gradients.of(reversible, seed, targets);
      for (int i = 0; i < targets.size(); i++) {
        assertThat(actual.get(i).toDoubleArray())
            .as("gradient %d", i)
            .containsExactly(expected.get(i).toDoubleArray(), within(1e-11));
      }
    }
  }

  private static Tensor leaf(Generator random, long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64).mul(0.5).detach().requiresGrad(true);
  }

  private static Part part(Tensor map) {
    return new Part(x -> x.matmul(map).tanh(), List.of(map));
  }

  private static Tensor plain(List<Tensor> maps, Tensor x) {
    Tensor first = x.narrow(2, 0, 3);
    Tensor second = x.narrow(2, 3, 3);
    for (int i = 0; i < maps.size(); i += 2) {
      first = first.add(second.matmul(maps.get(i)).tanh());
      second = second.add(first.matmul(maps.get(i + 1)).tanh());
    }
    return Tensor.cat(List.of(first, second), 2);
  }

  @Test
  void nothing_to_run_is_refused() {
    assertThatThrownBy(() -> new ReversibleSequence(List.of()))
        .hasMessage("reversible sequence: expected at least one block, got 0");
  }
}
