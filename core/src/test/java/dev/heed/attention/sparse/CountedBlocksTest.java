package dev.heed.attention.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.BlockKind;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Blocks that count, by hand. */
@Tag("unit")
class CountedBlocksTest {
  /** Six blocks of two; the random block of the third is the first, which it sees anyway. */
  private static final CountedBlocks BLOCKS =
      CountedBlocks.bigBird(2, 6, new long[][][] {{{3}, {0}, {0}, {5}}});

  @Test
  void a_block_sees_both_ends_its_neighbours_and_its_random_blocks() {
    assertThat(BLOCKS.allows(0, 0, 0, 9)).isTrue();
    assertThat(BLOCKS.allows(0, 0, 11, 4)).isTrue();
    assertThat(BLOCKS.allows(0, 0, 2, 6)).isTrue();
    assertThat(BLOCKS.allows(0, 0, 2, 8)).isFalse();
    assertThat(BLOCKS.allows(0, 0, 4, 8)).isFalse();
    assertThat(BLOCKS.allows(0, 0, 4, 11)).isTrue();
    assertThat(BLOCKS.classify(0, 0, 4, 6, 8, 10)).isEqualTo(BlockKind.EMPTY);
    assertThat(BLOCKS.classify(0, 0, 4, 6, 2, 8)).isEqualTo(BlockKind.FULL);
    assertThat(BLOCKS.classify(0, 0, 4, 6, 6, 10)).isEqualTo(BlockKind.PARTIAL);
  }

  @Test
  void what_is_listed_twice_is_read_as_if_its_keys_stood_there_twice() {
    try (TensorScope scope = TensorScope.open()) {
      Generator random = new Generator(17);
      Tensor q = Tensor.randn(random, Shape.of(1, 1, 12, 3), DType.F64);
      Tensor k = Tensor.randn(random, Shape.of(1, 1, 12, 3), DType.F64);
      Tensor v = Tensor.randn(random, Shape.of(1, 1, 12, 5), DType.F64);
      AttentionRequest request = AttentionRequest.of(BLOCKS).withModifier(BLOCKS.weighting());
      Tensor read = new ScaledDotProduct().apply(q, k, v, request).output();
      // The third block: 0, 1, 2, 3 and 5, and block 0 once more.
      List<Tensor> keys = new ArrayList<>();
      List<Tensor> values = new ArrayList<>();
      for (int block : new int[] {0, 0, 1, 2, 3, 5}) {
        keys.add(k.narrow(2, 2L * block, 2));
        values.add(v.narrow(2, 2L * block, 2));
      }
      Tensor twice =
          new ScaledDotProduct()
              .apply(
                  q.narrow(2, 4, 2),
                  Tensor.cat(keys, 2),
                  Tensor.cat(values, 2),
                  AttentionRequest.plain())
              .output();
      TensorAssert.assertClose(read.narrow(2, 4, 2), twice, Tolerance.of(DType.F64));
    }
  }
}
