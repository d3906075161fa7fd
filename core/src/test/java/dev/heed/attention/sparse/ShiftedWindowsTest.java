package dev.heed.attention.sparse;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.Grid;
import dev.heed.attention.score.GridBias;
import dev.heed.attention.score.ScoreBias;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class ShiftedWindowsTest {
  private static final int SIZE = 6;
  private static final Tolerance CLOSE = Tolerance.of(DType.F64);

  @Test
  void cuts_row_by_row_and_fills_the_edges_with_zeros() {
    try (TensorScope scope = TensorScope.open()) {
      ShiftedWindows windows = new ShiftedWindows(new Grid(2, 3), 2, 0);
      Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 6, 1);
      assertThat(windows.count()).isEqualTo(2);
      assertValues(windows.cut(x).flatten(0, 2), 1, 2, 4, 5, 3, 0, 6, 0);
      assertEqual(windows.join(windows.cut(x)), x);
    }
  }

  @Test
  void shifted_cuts_bring_opposite_edges_together_and_keep_them_apart() {
    try (TensorScope scope = TensorScope.open()) {
      ShiftedWindows windows = new ShiftedWindows(new Grid(4, 4), 2, 1);
      Tensor x = Tensor.arange(16, DType.I64).to(DType.F64).reshape(1, 16, 1);
      Tensor cut = windows.cut(x).squeeze(2);
      assertValues(cut.select(0, 0), 5, 6, 9, 10);
      assertValues(cut.select(0, 1), 7, 4, 11, 8);
      assertValues(cut.select(0, 3), 15, 12, 3, 0);
      AttentionMask mask = java.util.Objects.requireNonNull(windows.mask(2));
      // Nothing wraps around within the first window; in the last all four are strangers.
      assertThat(mask.allows(0, 0, 0, 3)).isTrue();
      assertThat(mask.allows(1, 0, 0, 1)).isFalse();
      assertThat(mask.allows(1, 0, 0, 2)).isTrue();
      assertThat(mask.allows(3, 0, 1, 2)).isFalse();
      assertThat(mask.allows(7, 0, 1, 1)).isTrue();
      assertThat(new ShiftedWindows(new Grid(4, 4), 2, 0).mask(1)).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 4, 2, 0", "6, 4, 2, 1", "5, 7, 3, 1", "7, 5, 4, 2", "3, 3, 3, 0", "1, 1, 2, 1"})
  void equals_attention_over_the_whole_image_under_a_mask(
      int height, int width, int side, int shift) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(5)) {
      Weights weights = Weights.initialise(random, DType.F64);
      MultiHeadAttention heads =
          new MultiHeadAttention(weights, HeadProjections.of(weights, SIZE), 2);
      Grid grid = new Grid(height, width);
      ShiftedWindows cuts = new ShiftedWindows(grid, side, shift);
      Tensor table =
          weights.parameter("table", dev.heed.nn.Initializer.normal(1), offsets(side), 2);
      WindowAttention windows =
          new WindowAttention(
              weights,
              heads,
              any -> cuts,
              () -> new ScoreBias(GridBias.written(table, new Grid(side, side))));
      try (windows) {
        Tensor x = Tensor.randn(random, Shape.of(2, grid.places(), SIZE), DType.F64);
        AttentionRequest request = AttentionRequest.plain().withGrid(grid).withWeights();
        AttentionOutput mixed = windows.apply(x, request);
        Tensor spread = cuts.spread(mixed.requireWeights());
        assertThat(spread.shape()).isEqualTo(Shape.of(2, 2, grid.places(), grid.places()));
        Tensor dense = dense(heads, windows, x, grid, side, shift, table);
        if (height % side == 0 && width % side == 0) {
          assertClose(mixed.output(), dense, CLOSE);
          assertClose(spread.sum(-1, false), Tensor.ones(Shape.of(2, 2, grid.places()), DType.F64));
        }
        // The kernel and the written form agree, filling or not.
        AttentionOutput silent = windows.apply(x, AttentionRequest.plain().withGrid(grid));
        assertClose(silent.output(), mixed.output(), new Tolerance(1e-9, 1e-9));
      }
    }
  }

  private static long offsets(int side) {
    return (2L * side - 1) * (2L * side - 1);
  }

  /** Two places see each other if one window holds both without wrapping around. */
  private static Tensor dense(
      MultiHeadAttention heads,
      WindowAttention owner,
      Tensor x,
      Grid grid,
      int side,
      int shift,
      Tensor table) {
    int n = grid.places();
    boolean[] seen = new boolean[n * n];
    long[] rows = new long[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int down = i / grid.width() - j / grid.width();
        int right = i % grid.width() - j % grid.width();
        seen[i * n + j] =
            together(i / grid.width(), j / grid.width(), side, shift)
                && together(i % grid.width(), j % grid.width(), side, shift);
        int width = 2 * side - 1;
        rows[i * n + j] = seen[i * n + j] ? (down + side - 1L) * width + right + side - 1 : 0;
      }
    }
    Tensor bias =
        table.indexSelect(0, Tensor.of(rows, rows.length)).transpose(0, 1).unflatten(1, n, n);
    List<Long> allowed = new ArrayList<>();
    for (boolean one : seen) {
      allowed.add(one ? 1L : 0L);
    }
    Tensor mask = Tensor.of(allowed.stream().mapToLong(v -> v).toArray(), n, n);
    return heads
        .apply(
            x,
            AttentionRequest.of(AttentionMask.dense(mask))
                .withModifier(new ScoreBias(bias.unsqueeze(0)))
                .withWeights())
        .output();
  }

  /** Whether the cuts at {@code shift, shift + side, …} leave two places in one piece. */
  private static boolean together(int a, int b, int side, int shift) {
    return Math.floorDiv(a - shift, side) == Math.floorDiv(b - shift, side);
  }

  @Test
  void gradients_reach_the_image_and_the_biases() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(6)) {
      Weights weights = Weights.initialise(random, DType.F64);
      MultiHeadAttention heads =
          new MultiHeadAttention(weights, HeadProjections.of(weights, SIZE), 2);
      Tensor table = weights.parameter("table", dev.heed.nn.Initializer.normal(1), 9, 2);
      Grid grid = new Grid(3, 3);
      try (WindowAttention windows =
          new WindowAttention(
              weights,
              heads,
              any -> new ShiftedWindows(grid, 2, 1),
              () -> new ScoreBias(GridBias.written(table, new Grid(2, 2))))) {
        Tensor x = Tensor.randn(random, Shape.of(1, 9, SIZE), DType.F64).requiresGrad(true);
        table.requiresGrad(true);
        AttentionRequest request = AttentionRequest.plain().withGrid(grid).withWeights();
        GradientCheck.check(
            () -> windows.apply(x, request).output().square().sum(), List.of(x, table), 1e-6);
      }
    }
  }

  @Test
  void refuses_what_it_cannot_honour() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(7)) {
      Weights weights = Weights.initialise(random, DType.F64);
      MultiHeadAttention heads =
          new MultiHeadAttention(weights, HeadProjections.of(weights, SIZE), 2);
      try (WindowAttention windows =
          new WindowAttention(weights, heads, grid -> new ShiftedWindows(grid, 2, 0), () -> null)) {
        Tensor x = Tensor.randn(random, Shape.of(1, 4, SIZE), DType.F64);
        AttentionRequest here = AttentionRequest.plain().withGrid(new Grid(2, 2));
        assertThatThrownBy(() -> windows.apply(x, here.withMask(AttentionMask.causal())))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("without a mask");
        assertThatThrownBy(() -> windows.apply(x, AttentionRequest.plain()))
            .hasMessageContaining("expected tokens that are places of an image");
        assertThatThrownBy(() -> windows.apply(x, here.withGrid(new Grid(2, 3))))
            .hasMessageContaining("expected [B, 6, size]");
        assertThatThrownBy(() -> new ShiftedWindows(new Grid(2, 2), 2, 2))
            .hasMessageContaining("a shift below it, got 2 and 2");
      }
    }
  }
}
