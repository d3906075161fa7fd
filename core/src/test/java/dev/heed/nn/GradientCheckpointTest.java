package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.adapt.LoraConfig;
import dev.heed.adapt.LowRankAdaptation;
import dev.heed.adapt.PrefixTuning;
import dev.heed.adapt.PrefixTuning.Layout;
import dev.heed.fixture.NativeMemory;
import dev.heed.fixture.RecordedModels;
import dev.heed.fixture.TensorAssert;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Recomputed;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class GradientCheckpointTest {
  private final Generator random = new Generator(41);

  private Tensor leaf(long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64).mul(0.5).detach().requiresGrad(true);
  }

  private static void assertSame(List<Tensor> actual, List<Tensor> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      TensorAssert.assertEqual(actual.get(i), expected.get(i));
    }
  }

  @Test
  void several_inputs_and_parameters_get_the_same_bits() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor w = leaf(5, 7);
      Tensor x = leaf(3, 5);
      Tensor y = leaf(3, 7);
      Tensor frozen = Tensor.randn(random, Shape.of(3, 7), DType.F64);
      Tensor rows = Tensor.of(new long[] {2, 0, 1}, 3);
      List<Tensor> targets = List.of(x, y, w);
      Tensor plain = x.matmul(w).tanh().mul(y).add(frozen).indexSelect(0, rows);
      Tensor checkpointed =
          Recomputed.apply(
              List.of(x, y, frozen, rows),
              List.of(w),
              null,
              in ->
                  in.get(0)
                      .matmul(w)
                      .tanh()
                      .mul(in.get(1))
                      .add(in.get(2))
                      .indexSelect(0, in.get(3)));
      TensorAssert.assertEqual(checkpointed, plain);
      Tensor seed = Tensor.randn(random, plain.shape(), DType.F64);
      assertSame(Gradients.of(checkpointed, seed, targets), Gradients.of(plain, seed, targets));
    }
  }

  @Test
  void dropout_draws_the_same_numbers_again_and_the_generator_goes_on() {
    try (TensorScope scope = TensorScope.open();
        Generator first = new Generator(7);
        Generator second = new Generator(7)) {
      Tensor w = leaf(11, 11);
      Tensor x = leaf(3, 11);
      Tensor plain = x;
      Tensor checkpointed = x;
      for (int layer = 0; layer < 3; layer++) {
        plain = plain.matmul(w).dropout(0.3, first).tanh();
        checkpointed =
            Recomputed.apply(
                List.of(checkpointed),
                List.of(w),
                second,
                in -> in.getFirst().matmul(w).dropout(0.3, second).tanh());
      }
      TensorAssert.assertEqual(checkpointed, plain);
      List<Tensor> targets = List.of(x, w);
      assertSame(Gradients.of(checkpointed.sum(), targets), Gradients.of(plain.sum(), targets));
      assertThat(second.nextSeed()).isEqualTo(first.nextSeed());
    }
  }

  /** Hidden states and gradients of a training run of BERT with dropout in every layer. */
  private static List<Tensor> bert(
      Model model, List<Tensor> targets, UnaryOperator<Trace> changed) {
    ModelInput input =
        ModelInput.of("input_ids", Tensor.of(new long[] {5, 9, 2, 31, 8, 7, 1, 3, 11, 30}, 2, 5));
    try (Generator dropout = new Generator(5);
        Trace trace = changed.apply(Trace.training(dropout))) {
      Tensor hidden = model.apply(input, trace).require("last_hidden_state");
      List<Tensor> all = new ArrayList<>(Gradients.of(hidden.square().sum(), targets));
      all.add(hidden);
      return all;
    }
  }

  @Test
  void a_loaded_model_trains_the_same() {
    try (TensorScope scope = TensorScope.open();
        Model model = ModelLoader.of(RecordedModels.named("bert")).bare().as(DType.F64).load()) {
      model.requiresGrad(true);
      List<Tensor> targets = List.copyOf(model.trainable().values());
      assertSame(bert(model, targets, Trace::checkpointing), bert(model, targets, trace -> trace));
    }
  }

  @Test
  void adaptations_and_prefixes_within_a_block_get_their_gradients() {
    try (TensorScope scope = TensorScope.open();
        Model model = ModelLoader.of(RecordedModels.named("bert")).bare().as(DType.F64).load();
        LowRankAdaptation lora =
            LowRankAdaptation.attach(
                model,
                new LoraConfig(3, 6, "query", "intermediate.dense", "output.dense"),
                random);
        PrefixTuning prefix =
            new PrefixTuning(Weights.initialise(random, DType.F64), Layout.of(model, 2, 5))) {
      for (Tensor parameter : lora.trainable().values()) {
        Gradients.disabled(
            () -> parameter.addInPlace(Tensor.randn(random, parameter.shape(), DType.F64), 0.1));
      }
      List<Tensor> targets = new ArrayList<>(lora.trainable().values());
      targets.addAll(prefix.trainable().values());
      List<Tensor> plain = bert(model, targets, trace -> prefix.into(model, trace));
      List<Tensor> checkpointed =
          bert(model, targets, trace -> prefix.into(model, trace.checkpointing()));
      assertSame(checkpointed, plain);
      for (Tensor gradient : plain) {
        assertThat(gradient.abs().max().item()).isPositive();
      }
    }
  }

  @Test
  void inference_is_left_alone() {
    try (TensorScope scope = TensorScope.open();
        Linear linear = Linear.of(Weights.initialise(random, DType.F64), 3, 2)) {
      Tensor x = Tensor.randn(random, Shape.of(5, 3), DType.F64);
      Tensor y = Gradients.disabled(() -> GradientCheckpoint.apply(linear, x, linear::apply));
      assertThat(y.requiresGrad()).isFalse();
      TensorAssert.assertEqual(y, linear.apply(x));
    }
  }

  private static final int LAYERS = 16;
  private static final long SIZE = 128;

  /** Eight maps and as many curves between: 16 tensors of activations a block. */
  private static Tensor block(Tensor x, Tensor w) {
    Tensor y = x;
    for (int i = 0; i < 8; i++) {
      y = y.matmul(w).tanh();
    }
    return y;
  }

  /** The largest number of bytes beyond those before the forward pass. */
  private long peak(boolean checkpointing) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor w = Tensor.randn(random, Shape.of(SIZE, SIZE), DType.F32).mul(0.1).requiresGrad(true);
      Tensor x = Tensor.randn(random, Shape.of(2003, SIZE), DType.F32).requiresGrad(true);
      NativeMemory memory = new NativeMemory();
      long before = NativeMemory.liveBytes();
      Tensor y = x;
      for (int layer = 0; layer < LAYERS; layer++) {
        Tensor in = y;
        UnaryOperator<Tensor> run =
            z ->
                TensorScope.run(() -> {
                  Tensor out = block(z, w);
                  memory.note();
                  return out;
                });
        y =
            checkpointing
                ? Recomputed.apply(
                    List.of(in), List.of(w), null, inputs -> run.apply(inputs.getFirst()))
                : run.apply(in);
      }
      Gradients.of(y.sum(), List.of(w, x));
      memory.note();
      return memory.peak() - before;
    }
  }

  /** The JVM allocates and frees beside us now and then. */
  private long median(boolean checkpointing) {
    return LongStream.range(0, 3)
        .map(step -> peak(checkpointing))
        .sorted()
        .skip(1)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void activations_are_kept_of_one_block_only() {
    long tensor = 2003 * SIZE * 4;
    long plain = median(false);
    long checkpointed = median(true);
    // Products are not kept for the gradients, the curves are: 8 tensors a block of 16 blocks.
    assertThat(plain).as("plain").isBetween((8L * LAYERS - 8) * tensor, 10L * LAYERS * tensor);
    // One output a block, and one block's 16 tensors with their gradients.
    assertThat(checkpointed).as("checkpointed").isLessThan((LAYERS + 32L) * tensor);
  }
}
