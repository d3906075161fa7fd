package dev.heed.picture.mechanism;

import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.ShawRelativePositions;
import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.attention.position.XPos;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Position encodings: how similar two places are made, and which row of a table a pair reads. */
final class PositionPictures {
  private static final int N = 32;
  private static final int SIZE = 32;

  private PositionPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("sinusoidal-positions", PositionPictures::sinusoidal);
    recipes.put("learned-positions", PositionPictures::learned);
    recipes.put("rotary-positions", PositionPictures::rotary);
    recipes.put("xpos", PositionPictures::xpos);
    recipes.put("shaw-relative-positions", PositionPictures::shaw);
    recipes.put("relative-key-positions", PositionPictures::relativeKey);
  }

  private static MapPanel places(String title, MapKind kind, Tensor map) {
    int size = Math.toIntExact(map.size(0));
    return MapPanel.of(
        title, kind, Axis.numbered("place", size), Axis.numbered("place", size), map);
  }

  private static List<Panel> sinusoidal(Sample sample) {
    Tensor table = SinusoidalPositions.PAPER.table(0, N, SIZE, DType.F64);
    return List.of(
        MapPanel.of(
            "the vectors",
            MapKind.NUMBERS,
            Axis.numbered("place", N),
            Axis.numbered("element", SIZE),
            table),
        places(
            "similarity of two places: product of their vectors",
            MapKind.NUMBERS,
            table.matmul(table.transpose(0, 1)).div(SIZE / 2.0)));
  }

  /** A table that was trained: the encoder's that Heed carries. */
  private static List<Panel> learned(Sample sample) {
    try (Model model = ModelLoader.of(ModelFiles.embedded()).bare().load()) {
      Tensor table =
          Sample.parameter(model, "position_embeddings.weight").narrow(0, 0, 64).to(DType.F64);
      Tensor centred = table.sub(table.mean(0, true));
      Tensor unit = centred.div(centred.norm(-1, true));
      return List.of(
          places(
              "all-MiniLM-L6-v2, trained: cosine of two places' vectors, their mean taken off",
              MapKind.NUMBERS,
              unit.matmul(unit.transpose(0, 1))));
    }
  }

  private static List<Panel> rotary(Sample sample) {
    RotaryPositions rotary = new RotaryPositions(PairLayout.HALF_SPLIT, SIZE, 10_000);
    Tensor turned =
        rotary.apply(Tensor.ones(Shape.of(1, 1, N, SIZE), DType.F64), 0).reshape(N, SIZE);
    Tensor scores = turned.matmul(turned.transpose(0, 1)).div(SIZE);
    return List.of(
        places("score of two equal vectors of ones", MapKind.SCORES, scores),
        overDistance(List.of(Sample.curve("query at 0", scores.select(0, 0)))));
  }

  private static CurvePanel overDistance(List<CurvePanel.Curve> curves) {
    return new CurvePanel("the score by the key's place", "place of the key", 0, 1, curves);
  }

  private static List<Panel> xpos(Sample sample) {
    RotaryPositions rotary = new RotaryPositions(PairLayout.INTERLEAVED, SIZE, 10_000);
    Tensor ones = Tensor.ones(Shape.of(1, 1, N, SIZE), DType.F64);
    XPos.Encoded encoded = new XPos(rotary, 32).apply(ones, ones);
    Tensor scores =
        encoded.q().reshape(N, SIZE).matmul(encoded.k().reshape(N, SIZE).transpose(0, 1)).div(SIZE);
    Tensor turned = rotary.apply(ones, 0).reshape(N, SIZE);
    Tensor plain = turned.matmul(turned.transpose(0, 1)).div(SIZE);
    return List.of(
        places("score of vectors of ones, scale base 32", MapKind.SCORES, scores.tril(0)),
        overDistance(
            List.of(
                Sample.curve("xPos, query at 31", scores.select(0, N - 1)),
                Sample.curve("RoPE, query at 31", plain.select(0, N - 1)))));
  }

  /** One-hot rows and queries that count them show which row of the table a pair reads. */
  private static List<Panel> shaw(Sample sample) {
    int max = 4;
    int rows = 2 * max + 1;
    Tensor table = Tensor.eye(rows, DType.F64);
    Tensor counting = Tensor.arange(rows, DType.F64).expand(1, 1, N, rows);
    Tensor read = new ShawRelativePositions(table, table).scores(counting, N);
    Tensor vectors = sample.normal(rows, Sample.LENGTH);
    Tensor added =
        new ShawRelativePositions(vectors, vectors)
            .scores(sample.head(Sample.LENGTH).div(Math.sqrt(Sample.LENGTH)), Sample.LENGTH);
    return List.of(
        places(
            "which of 9 vectors a pair reads: distances beyond 4 share one",
            MapKind.NUMBERS,
            read.reshape(N, N)),
        MaskPictures.weights("added to the scores, seeded vectors", MapKind.SCORES, added));
  }

  private static List<Panel> relativeKey(Sample sample) {
    int rows = 2 * N - 1;
    Tensor counting = Tensor.arange(rows, DType.F64).expand(1, 1, N, rows);
    Tensor read =
        new RelativeKeyPositions(Tensor.eye(rows, DType.F64), false).scores(counting, counting);
    int words = Sample.LENGTH;
    Tensor x = sample.head(words);
    Tensor added =
        new RelativeKeyPositions(sample.normal(2L * words - 1, words), true)
            .scores(x, x)
            .div(Math.sqrt(words));
    return List.of(
        places("which of 63 vectors a pair reads", MapKind.NUMBERS, read.reshape(N, N)),
        MaskPictures.weights(
            "added to the scores by queries and keys, seeded vectors", MapKind.SCORES, added));
  }
}
