package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.position.Grid;
import dev.heed.model.coatnet.RelativeAttention;
import dev.heed.model.tp.TpAttention;
import dev.heed.model.universal.UniversalConfig;
import dev.heed.model.universal.UniversalConfig.Variant;
import dev.heed.model.universal.UniversalEncoder;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Mechanisms that come with a model of their own. */
final class ModelPictures {
  private static final int N = Sample.LENGTH;
  private static final int SIDE = 5;

  private ModelPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("coatnet", ModelPictures::coAtNet);
    recipes.put("universal-transformer", ModelPictures::universal);
    recipes.put("tp-transformer", ModelPictures::tp);
  }

  /** The bias falls with the distance, as a convolution's bump does. */
  private static List<Panel> coAtNet(Sample sample) {
    RelativeAttention attention =
        new RelativeAttention(sample.weights("coatnet"), N, N, new Grid(SIDE, SIDE), 1, N);
    int width = 2 * SIDE - 1;
    double[] bump = new double[width * width];
    for (int at = 0; at < bump.length; at++) {
      int down = at / width - SIDE + 1;
      int right = at % width - SIDE + 1;
      bump[at] = -0.4 * (down * down + right * right);
    }
    Sample.parameter(attention, "relative_bias_table").assign(Tensor.of(bump, bump.length, 1));
    Tensor x = sample.normal(1, (long) SIDE * SIDE, N);
    try (Trace trace = Trace.record(point -> point.endsWith("pattern"))) {
      attention.apply(x, trace);
      Tensor pattern = trace.values().values().iterator().next().select(0, 0).select(0, 0);
      Axis places = places();
      return List.of(
          MapPanel.of(
              "the bias of each pair of places: −0.4 · distance²",
              MapKind.SCORES,
              places,
              places,
              attention.bias().select(0, 0)),
          MapPanel.of("weights, places row by row", MapKind.SOFTMAX, places, places, pattern),
          MapPanel.of(
              "the middle place's row of them, as an image",
              MapKind.NUMBERS,
              Axis.numbered("down", SIDE),
              Axis.numbered("right", SIDE),
              pattern.select(0, SIDE * SIDE / 2).reshape(SIDE, SIDE)));
    }
  }

  private static Axis places() {
    return Axis.of(
        "place", IntStream.range(0, SIDE * SIDE).mapToObj(i -> i / SIDE + "," + i % SIDE).toList());
  }

  /** The same weights, stopped after each step. */
  private static List<Panel> universal(Sample sample) {
    int steps = 8;
    Tensor direction = sample.normal(1, N).mul(0.3);
    List<Tensor> halting = new ArrayList<>();
    Tensor updates = Tensor.zeros(dev.heed.tensor.Shape.of(1, N), DType.F64);
    for (int step = 1; step <= steps; step++) {
      UniversalEncoder encoder =
          new UniversalEncoder(
              sample.weights("universal"),
              new UniversalConfig(N, N, 2L * N, 4, 1, step, true, Variant.PAPER));
      Sample.parameter(encoder, "p.bias").fill(-1.5);
      Sample.parameter(encoder, "p.weight").assign(direction);
      var pondering = encoder.apply(sample.vectors(N), Trace.NONE);
      halting.add(pondering.halting());
      updates = pondering.updates();
    }
    return List.of(
        MapPanel.of(
            "halting: the sum of probabilities so far, 1 once a token has halted",
            MapKind.NUMBERS,
            sampleSteps(steps),
            Sample.words("tokens"),
            Tensor.cat(halting, 0)),
        MapPanel.of(
            "steps that each token took",
            MapKind.NUMBERS,
            Axis.of("", List.of("steps")),
            Sample.words("tokens"),
            updates));
  }

  private static Axis sampleSteps(int steps) {
    return Sample.numbered("step", 1, steps);
  }

  private static List<Panel> tp(Sample sample) {
    TpAttention attention = new TpAttention(sample.weights("tp"), N, 1);
    Sample.parameter(attention, "W_q.weight").assign(Tensor.eye(N, DType.F64));
    Sample.parameter(attention, "W_k.weight").assign(Tensor.eye(N, DType.F64));
    Tensor x = sample.vectors(N);
    try (Trace trace = Trace.record(point -> true)) {
      attention.apply(x, AttentionRequest.of(null, trace));
      return List.of(
          MaskPictures.weights("what is read", MapKind.SOFTMAX, value(trace, "pattern")),
          MapPanel.of(
              "the role that each reader binds it to, element by element",
              MapKind.NUMBERS,
              Sample.words("queries"),
              Axis.numbered("element of the role", N),
              value(trace, "roles").select(0, 0).select(0, 0)));
    }
  }

  private static Tensor value(Trace trace, String point) {
    return trace.values().entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(point))
        .findFirst()
        .orElseThrow()
        .getValue();
  }
}
