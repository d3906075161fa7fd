package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.tensor.EnginesCompared.Input;
import dev.heed.tensor.EnginesCompared.Layout;
import dev.heed.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Products, layers and losses on both engines, and by vectors as by plain loops. */
@Tag("integration")
class EngineProductsTest {
  private static final List<DType> FLOATING = List.of(DType.F32, DType.F64, DType.F16, DType.BF16);

  /** Sums of hundreds of products, many of which cancel. */
  private static final double SUMS = 4;

  private static void check(EnginesCompared engines, int atLeast) {
    assertThat(engines.differences()).isEmpty();
    assertThat(engines.compared()).isGreaterThanOrEqualTo(atLeast);
  }

  private static void products(EnginesCompared engines) {
    long[][] sizes = {
      {1, 1, 1},
      {1, 7, 5},
      {1, 300, 70},
      {2, 33, 31},
      {3, 129, 65},
      {4, 128, 32},
      {9, 5, 257},
      {17, 260, 33},
      {131, 131, 300},
      {19, 1100, 40},
      {0, 3, 4},
      {3, 0, 4},
      {3, 4, 0}
    };
    for (DType type : List.of(DType.F32, DType.F64, DType.F16, DType.BF16, DType.I64)) {
      for (long[] s : sizes) {
        for (Layout left : Layout.values()) {
          for (Layout right : Layout.values()) {
            engines.compare(
                "matmul",
                List.of(
                    Input.of(type, s[0], s[1]).lying(left),
                    Input.of(type, s[1], s[2]).lying(right)),
                x -> List.of(x.get(0).matmul(x.get(1))));
          }
        }
        engines.compare(
            "linear",
            List.of(
                Input.of(type, 2, s[0], s[1]), Input.of(type, s[2], s[1]), Input.of(type, s[2])),
            x -> List.of(x.get(0).linear(x.get(1), null), x.get(0).linear(x.get(1), x.get(2))));
      }
    }
  }

  @Test
  void products_agree() {
    EnginesCompared engines = new EnginesCompared(SUMS);
    products(engines);
    check(engines, 1000);
  }

  @Test
  void products_by_plain_loops_agree() {
    Kernels before = Kernels.take(new Kernels(Kernels.scalar(), "chosen by a test"));
    try {
      EnginesCompared engines = new EnginesCompared(SUMS);
      products(engines);
      layers(engines);
      check(engines, 1000);
    } finally {
      Kernels.take(before);
    }
  }

  @Test
  void batches_of_products_agree() {
    EnginesCompared engines = new EnginesCompared();
    long[][][] pairs = {
      {{2, 3, 5, 7}, {2, 3, 7, 4}},
      {{2, 1, 5, 7}, {3, 7, 4}},
      {{5, 7}, {3, 7, 4}},
      {{3, 5, 7}, {7, 4}},
      {{7}, {7}},
      {{7}, {3, 7, 4}},
      {{3, 5, 7}, {7}},
      {{2, 5, 7}, {2, 6, 4}},
      {{0, 5, 7}, {7, 4}},
      {{3, 20, 530}, {3, 530, 33}}
    };
    for (DType type : FLOATING) {
      for (long[][] pair : pairs) {
        for (Layout lying : Layout.values()) {
          engines.compare(
              "matmul",
              List.of(Input.of(type, pair[0]).lying(lying), Input.of(type, pair[1])),
              x -> List.of(x.get(0).matmul(x.get(1))));
        }
      }
      engines.compare(
          "einsum",
          List.of(Input.of(type, 2, 3, 5, 4), Input.of(type, 6, 5, 4)),
          x ->
              List.of(
                  Tensor.einsum("bhqd,kqd->bhqk", x.get(0), x.get(1)),
                  Tensor.einsum("bhqd,kqd->kb", x.get(0), x.get(1)),
                  Tensor.einsum("bhqd->dqb", x.get(0))));
    }
    for (DType type : List.of(DType.F32, DType.F64)) {
      engines.compare(
          "correlation",
          List.of(Input.of(type, 2, 3, 19), Input.of(type, 2, 3, 12).lying(Layout.EVERY_OTHER)),
          x ->
              List.of(
                  Fourier.correlation(x.get(0), x.get(1), 23),
                  Fourier.correlation(x.get(0), x.get(1), 9)));
      engines.compare(
          "solveUnitLower",
          List.of(Input.of(type, 2, 1, 7, 7).within(-1, 1), Input.of(type, 3, 7, 5)),
          x -> List.of(LinearAlgebra.solveUnitLower(x.get(0), x.get(1))));
    }
    check(engines, 180);
  }

  private static void layers(EnginesCompared engines) {
    for (DType type : FLOATING) {
      for (long width : new long[] {2, 3, 31, 384, 1500}) {
        engines.compare(
            "layerNorm",
            List.of(Input.of(type, 2, 5, width), Input.of(type, width), Input.of(type, width)),
            x ->
                List.of(
                    x.get(0).layerNorm(x.get(1), x.get(2), 1e-5),
                    x.get(0).layerNorm(x.get(1), null, 1e-5)));
        engines.compare(
            "softmax",
            List.of(Input.of(type, 3, 2, width).lying(Layout.TRANSPOSED).within(-30, 30)),
            x -> List.of(x.getFirst().softmax(-1), x.getFirst().logSoftmax(0)));
        engines.compare(
            "gelu",
            List.of(Input.of(type, 3, width).within(-8, 8)),
            x ->
                List.of(
                    x.getFirst().gelu(false),
                    x.getFirst().gelu(true),
                    x.getFirst().erf(),
                    x.getFirst().silu(),
                    x.getFirst().tanh()));
      }
    }
  }

  @Test
  void layers_agree() {
    EnginesCompared engines = new EnginesCompared();
    layers(engines);
    for (DType type : FLOATING) {
      for (var geometry :
          List.of(
              Convolution.Geometry.PLAIN,
              new Convolution.Geometry(2, 1, 1, 1),
              new Convolution.Geometry(1, 2, 2, 2),
              new Convolution.Geometry(3, 0, 1, 6))) {
        long in = 6 / geometry.groups();
        engines.compare(
            "conv1d",
            List.of(Input.of(type, 2, 6, 19), Input.of(type, 12, in, 3), Input.of(type, 12)),
            x ->
                List.of(
                    Convolution.conv1d(x.get(0), x.get(1), x.get(2), geometry),
                    Convolution.conv1d(x.get(0), x.get(1).narrow(0, 0, 6), null, geometry)));
        engines.compare(
            "conv2d",
            List.of(Input.of(type, 2, 6, 11, 13), Input.of(type, 12, in, 3, 3), Input.of(type, 12)),
            x -> List.of(Convolution.conv2d(x.get(0), x.get(1), x.get(2), geometry)));
      }
      if (type == DType.F32 || type == DType.F64) {
        engines.compare(
            "pool",
            List.of(Input.of(type, 2, 3, 9, 11)),
            x ->
                List.of(
                    Convolution.maxPool2d(x.getFirst(), 3, 2, 1),
                    Convolution.avgPool2d(x.getFirst(), 3, 2, 1)));
        engines.compare(
            "resize",
            List.of(Input.of(type, 2, 3, 5, 7)),
            x ->
                List.of(
                    Interpolation.bicubic(x.getFirst(), 9, 4, false),
                    Interpolation.bicubic(x.getFirst(), 9, 4, true),
                    Interpolation.bicubicByScale(x.getFirst(), 1.3, 0.8),
                    Interpolation.bilinear(x.getFirst(), 3, 11, false),
                    Interpolation.bilinear(x.getFirst(), 3, 11, true),
                    Interpolation.bicubicAntialiased(x.getFirst(), 3, 4)));
        engines.compare(
            "batchNorm",
            List.of(Input.of(type, 2, 3, 5, 7), Input.of(type, 3), Input.of(type, 3).within(1, 2)),
            x ->
                List.of(
                    Convolution.batchNorm(
                        x.get(0), x.get(1), null, x.get(1), x.get(2), false, 0.1, 1e-5)));
      }
    }
    check(engines, 80);
  }

  @Test
  void losses_agree() {
    EnginesCompared engines = new EnginesCompared();
    for (DType type : List.of(DType.F32, DType.F64)) {
      for (LossReduction reduction : LossReduction.values()) {
        engines.compare(
            "crossEntropy " + reduction,
            List.of(
                Input.of(type, 7, 5),
                Input.of(DType.I64, 7).within(0, 5),
                Input.of(type, 5).within(0.5, 2)),
            x -> {
              Tensor targets = x.get(1).maskedFill(x.get(1).eq(2), -100);
              return List.of(
                  Loss.crossEntropy(x.get(0), targets, null, reduction, -100, 0),
                  Loss.crossEntropy(x.get(0), targets, x.get(2), reduction, -100, 0.1));
            });
        engines.compare(
            "crossEntropy of grids " + reduction,
            List.of(Input.of(type, 2, 5, 3, 4), Input.of(DType.I64, 2, 3, 4).within(0, 5)),
            x -> List.of(Loss.crossEntropy(x.get(0), x.get(1), null, reduction, 3, 0)));
        engines.compare(
            "binaryCrossEntropy " + reduction,
            List.of(
                Input.of(type, 7, 5).within(-40, 40),
                Input.of(type, 7, 5).within(0, 1),
                Input.of(type, 5).within(0.5, 2)),
            x ->
                List.of(
                    Loss.binaryCrossEntropy(x.get(0), x.get(1), null, null, reduction),
                    Loss.binaryCrossEntropy(x.get(0), x.get(1), x.get(2), x.get(2), reduction),
                    Loss.meanSquaredError(x.get(0), x.get(1))));
        engines.compare(
            "ctc " + reduction,
            List.of(Input.of(type, 11, 3, 6), Input.of(DType.I64, 3, 4).within(1, 6)),
            x -> {
              Tensor inputs = Tensor.of(new long[] {11, 9, 2});
              Tensor targets = Tensor.of(new long[] {4, 2, 3});
              return List.of(
                  Loss.ctc(x.get(0).logSoftmax(2), x.get(1), inputs, targets, 0, true, reduction));
            });
      }
    }
    check(engines, 18);
  }

  @Test
  void packed_maps_agree() {
    EnginesCompared engines = new EnginesCompared();
    for (DType type : List.of(DType.F32, DType.BF16)) {
      for (PackedLinear.Then then : PackedLinear.Then.values()) {
        for (long rows : new long[] {1, 2, 5, 130}) {
          engines.compare(
              "packed " + then,
              List.of(
                  Input.of(type, rows, 129),
                  Input.of(type, 40, 129).within(-0.1, 0.1),
                  Input.of(type, 27, 129).within(-0.1, 0.1),
                  Input.of(type, 40),
                  Input.of(type, 27)),
              x -> {
                try (PackedLinear map =
                    PackedLinear.of(List.of(x.get(1), x.get(2)), List.of(x.get(3), x.get(4)))) {
                  return List.of(map.apply(x.getFirst(), then));
                }
              });
        }
      }
    }
    check(engines, 56);
  }
}
