package dev.heed.explain.picture;

import dev.heed.nn.ReversibleSequence;
import dev.heed.nn.lora.LoraLinear;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Ways to train: what a low-rank update changes, and when functions are run again. */
final class TrainingPictures {
  private static final int SIZE = 24;

  private TrainingPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("lora", TrainingPictures::lora);
    recipes.put("reversible-layers", TrainingPictures::reversible);
  }

  /** B is drawn, since it starts at zero: as training would leave it. */
  private static List<Panel> lora(Sample sample) {
    LoraLinear map = new LoraLinear(sample.weights("lora"), SIZE, SIZE, 3, 6, false);
    Sample.parameter(map, "lora_B").assign(sample.normal(SIZE, 3).mul(0.2));
    Tensor weight = Sample.parameter(map, "weight");
    Tensor merged = map.mergedWeight();
    Tensor change = merged.sub(weight);
    return List.of(
        matrix("ΔW = (α/r) · B · A, rank 3", change),
        matrix("W, frozen", weight),
        new CurvePanel(
            "singular values",
            "number",
            0,
            1,
            List.of(
                new CurvePanel.Curve("W", singularValues(weight)),
                new CurvePanel.Curve("ΔW", singularValues(change)))));
  }

  private static MapPanel matrix(String title, Tensor matrix) {
    return MapPanel.of(
        title, MapKind.NUMBERS, Axis.numbered("out", SIZE), Axis.numbered("in", SIZE), matrix);
  }

  private static List<Double> singularValues(Tensor matrix) {
    Tensor square = matrix.transpose(0, 1).matmul(matrix);
    double[] squares =
        LinearAlgebra.eigenHermitian(square.to(DType.C128)).values().to(DType.F64).toDoubleArray();
    List<Double> values =
        new ArrayList<>(
            Arrays.stream(squares).map(s -> Math.sqrt(Math.max(0, s))).boxed().toList());
    values.sort(java.util.Comparator.reverseOrder());
    return values;
  }

  /** When each function of a stack runs, as it tells itself while a step is trained. */
  private static List<Panel> reversible(Sample sample) {
    int blocks = 6;
    List<Integer> calls = new ArrayList<>();
    List<Boolean> kept = new ArrayList<>();
    List<ReversibleSequence.Block> stack = new ArrayList<>();
    for (int i = 0; i < 2 * blocks; i += 2) {
      stack.add(
          new ReversibleSequence.Block(
              part(i, calls, kept, sample), part(i + 1, calls, kept, sample)));
    }
    Gradients.enabled(() -> {
      Tensor x = sample.normal(1, 3, 8).requiresGrad(true);
      return Gradients.of(new ReversibleSequence(stack).apply(x).square().sum(), List.of(x));
    });
    double[] events = new double[2 * blocks * calls.size()];
    for (int time = 0; time < calls.size(); time++) {
      events[calls.get(time) * calls.size() + time] = kept.get(time) ? 2 : 1;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2 * blocks; i++) {
      names.add((i % 2 == 0 ? "f" : "g") + i / 2);
    }
    return List.of(
        MapPanel.classes(
            "a training step through 6 reversible blocks: which function runs when",
            Axis.of("function", names),
            Axis.numbered("call", calls.size()),
            List.of("forward: keeps nothing", "backward: runs again, then forgets"),
            Tensor.of(events, 2L * blocks, calls.size())));
  }

  private static ReversibleSequence.Part part(
      int number, List<Integer> calls, List<Boolean> kept, Sample sample) {
    Tensor weight = Tensor.eye(4, DType.F64).add(sample.normal(Shape.of(4, 4).toArray()).mul(0.1));
    return new ReversibleSequence.Part(
        x -> {
          calls.add(number);
          kept.add(x.requiresGrad());
          return x.matmul(weight).tanh();
        },
        List.of());
  }
}
