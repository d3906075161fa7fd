package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import dev.heed.model.ModelKind;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the vector of one word moves from layer to layer in several texts: vectors of other meanings
 * part (Ethayarajh, How Contextual are Contextualized Word Representations?, EMNLP 2019).
 *
 * @param places where the word stands
 * @param cosines {@code [depth][place][place]} of the vectors: of the embeddings, then after each
 *     layer
 * @param plane {@code [depth][place][2]}: the vectors on their first two principal components, each
 *     depth by itself, with the signs that keep the places near where they were a layer before
 * @param shares {@code [depth][2]}: of the variance, what those two components hold; 0 where all
 *     vectors are the same
 */
public record WordMoves(
    List<Place> places, double[][][] cosines, double[][][] plane, double[][] shares) {
  private static final int AXES = 2;

  /**
   * An occurrence.
   *
   * @param text number of the text, from 0
   * @param start its first character
   * @param end one past its last
   */
  public record Place(int text, int start, int end) {}

  /** Copies the list. */
  public WordMoves {
    places = List.copyOf(places);
  }

  /**
   * Reads texts. Of a word of several tokens, the vector is their mean.
   *
   * @param texts each at most {@link AttentionCapture#longest} tokens
   * @param word as people write it, in any case
   * @throws IllegalArgumentException if the word stands in none of the texts, and for a model that
   *     does not give its layers' states
   * @throws dev.heed.tensor.ShapeException if a text is too long
   */
  public static WordMoves of(AttentionCapture capture, List<String> texts, String word) {
    List<Place> places = new ArrayList<>();
    List<List<double[]>> vectors = new ArrayList<>();
    for (int text = 0; text < texts.size(); text++) {
      Encoding encoding = capture.checked(texts.get(text));
      List<Unit> tokens = AttentionMap.units(encoding);
      List<UnitGroup> found =
          new Words(texts.get(text), tokens)
              .groups().stream().filter(one -> one.unit().text().equalsIgnoreCase(word)).toList();
      if (!found.isEmpty()) {
        for (UnitGroup one : found) {
          places.add(new Place(text, one.unit().start(), one.unit().end()));
        }
        vectors.addAll(states(capture, encoding, found));
      }
    }
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "word: expected one that stands in a text as a word of its own, got another");
    }
    return of(places, vectors);
  }

  /** {@code [place][depth][size]}. */
  private static List<List<double[]>> states(
      AttentionCapture capture, Encoding encoding, List<UnitGroup> words) {
    boolean reads = capture.kind() == ModelKind.ENCODER_DECODER;
    try (TensorScope scope = TensorScope.inference()) {
      long[] ids = encoding.ids();
      List<Tensor> depths =
          capture
              .model()
              .apply(
                  AttentionCapture.input(capture.model(), Tensor.of(ids, 1, ids.length)),
                  Trace.NONE,
                  new Wanted(true, false))
              .series(reads ? "encoder_hidden_states" : "hidden_states");
      if (depths.isEmpty()) {
        throw new IllegalArgumentException(
            "word: expected a model that gives its layers' states, got one without");
      }
      List<List<double[]>> all = new ArrayList<>();
      for (UnitGroup word : words) {
        Tensor members =
            Tensor.of(
                word.members().stream().mapToLong(Integer::longValue).toArray(),
                word.members().size());
        all.add(
            depths.stream()
                .map(depth ->
                    depth
                        .select(0, 0)
                        .indexSelect(0, members)
                        .to(DType.F64)
                        .mean(0, false)
                        .toDoubleArray())
                .toList());
      }
      return all;
    }
  }

  private static WordMoves of(List<Place> places, List<List<double[]>> vectors) {
    int depths = vectors.getFirst().size();
    double[][][] cosines = new double[depths][][];
    double[][][] plane = new double[depths][][];
    double[][] shares = new double[depths][];
    for (int depth = 0; depth < depths; depth++) {
      int at = depth;
      double[][] rows = vectors.stream().map(one -> one.get(at)).toArray(double[][]::new);
      try (TensorScope scope = TensorScope.inference()) {
        Tensor matrix = matrix(rows);
        Tensor norms =
            matrix.square().sum(-1, true).sqrt().clamp(Double.MIN_NORMAL, Double.MAX_VALUE);
        Tensor directions = matrix.div(norms);
        cosines[depth] = rows(directions.matmul(directions.transpose(0, 1)));
        Tensor centred = matrix.sub(matrix.mean(0, true));
        LinearAlgebra.Eigen found =
            LinearAlgebra.eigenHermitian(centred.matmul(centred.transpose(0, 1)));
        double[] values = found.values().toDoubleArray();
        double all = Arrays.stream(values).map(value -> Math.max(0, value)).sum();
        plane[depth] = new double[rows.length][AXES];
        shares[depth] = new double[AXES];
        for (int axis = 0; axis < Math.min(AXES, rows.length); axis++) {
          int which = values.length - 1 - axis;
          double value = Math.max(0, values[which]);
          shares[depth][axis] = all == 0 ? 0 : value / all;
          double[] along = found.vectors().select(1, which).contiguous().toDoubleArray();
          double[][] before = depth == 0 ? plane[0] : plane[depth - 1];
          put(plane[depth], axis, along, Math.sqrt(value), before);
        }
      }
    }
    return new WordMoves(places, cosines, plane, shares);
  }

  /** Of an axis' two directions, the one in which the places lie more as they did. */
  private static void put(
      double[][] plane, int axis, double[] along, double length, double[][] before) {
    double same = 0;
    for (int place = 0; place < along.length; place++) {
      same += along[place] * before[place][axis];
    }
    for (int place = 0; place < along.length; place++) {
      plane[place][axis] = (same < 0 ? -length : length) * along[place];
    }
  }

  private static Tensor matrix(double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return Tensor.of(flat, rows.length, rows[0].length);
  }

  private static double[][] rows(Tensor matrix) {
    double[][] rows = new double[Math.toIntExact(matrix.size(0))][];
    Arrays.setAll(rows, i -> matrix.select(0, i).toDoubleArray());
    return rows;
  }
}
