package dev.heed.picture.mechanism;

import dev.heed.adapt.LoraLinear;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Linear;
import dev.heed.nn.ReversibleSequence;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Ways to train: what a low-rank update changes, and when functions are run again. */
final class TrainingPictures {
  private static final int SIZE = 24;
  private static final int BLOCKS = 6;

  private TrainingPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put("lora", TrainingPictures::lora);
    recipes.put("reversible-layers", TrainingPictures::reversible);
    recipes.put("gradient-checkpointing", TrainingPictures::checkpointing);
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

  private static List<Panel> reversible(Sample sample) {
    CallLog log = new CallLog();
    List<ReversibleSequence.Block> stack = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      stack.add(
          new ReversibleSequence.Block(part("f" + i, log, sample), part("g" + i, log, sample)));
    }
    train(sample, new ReversibleSequence(stack)::apply);
    return List.of(
        log.panel("a training step through 6 reversible blocks: which function runs when"));
  }

  private static ReversibleSequence.Part part(String name, CallLog log, Sample sample) {
    Tensor weight = Tensor.eye(SIZE / 2, DType.F64).add(sample.normal(SIZE / 2, SIZE / 2).mul(0.1));
    return new ReversibleSequence.Part(
        x -> {
          log.called(name);
          return x.matmul(weight).tanh();
        },
        List.of());
  }

  private static List<Panel> checkpointing(Sample sample) {
    CallLog plain = new CallLog();
    CallLog checkpointed = new CallLog();
    List<Linear> blocks = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      blocks.add(Linear.of(sample.weights("block" + i), SIZE, SIZE));
    }
    train(sample, x -> through(blocks, x, (block, y, name) -> run(block, y, name, plain)));
    train(
        sample,
        x ->
            through(
                blocks,
                x,
                (block, y, name) ->
                    GradientCheckpoint.apply(block, y, z -> run(block, z, name, checkpointed))));
    return List.of(
        checkpointed.panel("a training step through 6 checkpointed blocks: which runs when"),
        plain.panel("the same without checkpoints"));
  }

  private interface Step {
    Tensor take(Linear block, Tensor x, String name);
  }

  private static Tensor through(List<Linear> blocks, Tensor input, Step step) {
    Tensor x = input;
    for (int i = 0; i < blocks.size(); i++) {
      x = step.take(blocks.get(i), x, "block " + i);
    }
    return x;
  }

  private static Tensor run(Linear block, Tensor x, String name, CallLog log) {
    log.called(name);
    return block.apply(x).tanh();
  }

  /** One forward and backward pass. */
  private static void train(Sample sample, UnaryOperator<Tensor> stack) {
    Gradients.enabled(() -> {
      Tensor x = sample.normal(1, 3, SIZE).requiresGrad(true);
      return Gradients.of(stack.apply(x).square().sum(), List.of(x));
    });
  }
}
