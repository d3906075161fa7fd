package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.CosineHeads;
import dev.heed.attention.GridRotary;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadChange.Places;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.SpatialReductionAttention;
import dev.heed.attention.position.Grid;
import dev.heed.attention.score.GridBias;
import dev.heed.attention.sparse.ShiftedWindows;
import dev.heed.attention.sparse.WindowAttention;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Norm;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Mechanisms over the places of an image: windows, coarser keys, positions in two dimensions. */
final class GridPictures {
  private static final int SIDE = 6;
  private static final int WINDOW = 3;
  private static final int SIZE = 8;
  private static final Grid GRID = new Grid(SIDE, SIDE);

  private GridPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("shifted-windows", GridPictures::windows);
    recipes.put("spatial-reduction", GridPictures::reduction);
    recipes.put("grid-positions", GridPictures::positions);
    recipes.put("cosine-attention", GridPictures::cosine);
  }

  private static Axis places(String label, int side) {
    return Axis.of(
        label, IntStream.range(0, side * side).mapToObj(i -> i / side + "," + i % side).toList());
  }

  /** A row of a map over places, as an image. */
  private static MapPanel image(String title, MapKind kind, Tensor row, int side) {
    return MapPanel.of(
        title,
        kind,
        Axis.numbered("down", side),
        Axis.numbered("right", side),
        row.reshape(side, side));
  }

  private static MultiHeadAttention heads(Weights weights) {
    return new MultiHeadAttention(weights, HeadProjections.of(weights, SIZE), 1);
  }

  /** The weights of the first head over the image, as the mixer's trace has them. */
  private static Tensor map(SequenceMixer mixer, Tensor x, String point) {
    try (Trace trace = Trace.record(name -> name.endsWith(point))) {
      mixer.apply(x, AttentionRequest.of(null, trace).withGrid(GRID));
      return trace.values().values().iterator().next().select(0, 0).select(0, 0).copy();
    }
  }

  private static List<Panel> windows(Sample sample) {
    sample.describe("computed on seeded vectors of an image of 6 by 6 places");
    Weights weights = sample.weights("windows");
    MultiHeadAttention heads = heads(weights);
    Tensor x = sample.normal(1, (long) SIDE * SIDE, SIZE);
    Tensor plain = map(windows(weights, heads, 0), x, ".map");
    Tensor shifted = map(windows(weights, heads, 1), x, ".map");
    Axis queries = places("place", SIDE);
    Axis keys = places("sees", SIDE);
    return List.of(
        MapPanel.of("weights in windows of 3 by 3", MapKind.SOFTMAX, queries, keys, plain),
        MapPanel.of("the same, shifted by one", MapKind.SOFTMAX, queries, keys, shifted),
        image("place 2,2 in its window, as an image", MapKind.NUMBERS, plain.select(0, 14), SIDE),
        image("and shifted", MapKind.NUMBERS, shifted.select(0, 14), SIDE));
  }

  private static WindowAttention windows(Weights weights, MultiHeadAttention heads, int shift) {
    return new WindowAttention(
        weights.child("at"), heads, grid -> new ShiftedWindows(grid, WINDOW, shift), () -> null);
  }

  private static List<Panel> reduction(Sample sample) {
    sample.describe("computed on seeded vectors of an image of 6 by 6 places");
    Weights weights = sample.weights("reduction");
    MultiHeadAttention heads = heads(weights);
    Conv2d half = new Conv2d(weights.child("sr"), SIZE, SIZE, 2, new Geometry(2, 0, 1, 1), true);
    Tensor x = sample.normal(1, (long) SIDE * SIDE, SIZE);
    Tensor map = map(new SpatialReductionAttention(weights, heads, half, Norm.NONE), x, ".pattern");
    return List.of(
        MapPanel.of(
            "weights: every place sees nine cells of 2 by 2",
            MapKind.SOFTMAX,
            places("place", SIDE),
            places("cell", SIDE / 2),
            map),
        image("what place 2,2 sees, as an image", MapKind.NUMBERS, map.select(0, 14), SIDE / 2));
  }

  private static List<Panel> positions(Sample sample) {
    sample.describe("computed on an image of 6 by 6 places whose vectors are all equal");
    int width = 2 * SIDE - 1;
    double[] bump = new double[width * width];
    for (int at = 0; at < bump.length; at++) {
      int down = at / width - SIDE + 1;
      int right = at % width - SIDE + 1;
      bump[at] = -0.4 * (down * down + right * right);
    }
    Tensor bias = GridBias.written(Tensor.of(bump, bump.length, 1), GRID).select(0, 0).select(0, 0);
    Tensor ones = Tensor.ones(Shape.of(1, 1, GRID.places(), SIZE), DType.F64);
    GridRotary rotary = new GridRotary(SIZE, 100);
    Places at = new Places(null, 0, GRID);
    Tensor turned =
        rotary
            .queries(ones, at)
            .matmul(rotary.keys(ones, at).transpose(-2, -1))
            .div(SIZE)
            .select(0, 0)
            .select(0, 0);
    Axis queries = places("query", SIDE);
    Axis keys = places("key", SIDE);
    return List.of(
        MapPanel.of(
            "a bias of each pair of places: −0.4 · distance²", MapKind.SCORES, queries, keys, bias),
        MapPanel.of(
            "scores of equal vectors under rotary positions",
            MapKind.SCORES,
            queries,
            keys,
            turned),
        image("place 2,2's biases, as an image", MapKind.SCORES, bias.select(0, 14), SIDE),
        image("place 2,2's scores, as an image", MapKind.SCORES, turned.select(0, 14), SIDE));
  }

  /** Every third word is four times as long as it was. */
  private static List<Panel> cosine(Sample sample) {
    int count = Sample.LENGTH;
    Tensor lengths =
        Tensor.of(
            IntStream.range(0, count).mapToDouble(i -> i % 3 == 0 ? 4 : 1).toArray(), count, 1);
    Tensor keys = sample.head(count).mul(lengths);
    Tensor queries = sample.head(count);
    HeadChange angles = new CosineHeads(Tensor.of(new double[] {Math.log(10)}, 1, 1, 1), 5);
    Places places = new Places(null, 0, null);
    Tensor products =
        EffectiveMap.of(new ScaledDotProduct(), queries, keys, AttentionRequest.plain());
    Tensor turned =
        EffectiveMap.of(
            new ScaledDotProduct(1),
            angles.queries(queries, places),
            angles.keys(keys, places),
            AttentionRequest.plain());
    return List.of(
        MaskPictures.weights(
            "10 · cos(q, k), every third key four times as long", MapKind.SOFTMAX, turned),
        MaskPictures.weights("q·k/√d of the same", MapKind.SOFTMAX, products));
  }
}
