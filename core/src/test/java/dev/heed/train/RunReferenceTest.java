package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.golden.GoldenFolder;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.data.Feed;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Moments;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.schedule.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole training runs of recorded models, update by update, through the trainer. */
@Tag("integration")
class RunReferenceTest {
  private static final double DOUBLE_SHARE = 1e-6;
  private static final double LOSS_SHARE = 1e-4;
  private static final double TENSOR_SHARE = 1e-3;

  /** The reference's own noise counts this often, where it is larger. */
  private static final int NOISE = 10;

  @TestFactory
  Stream<DynamicTest> recorded() {
    return GoldenFolder.list(RecordedTraining.folder().resolve("runs")).stream()
        .flatMap(folder ->
            Stream.of(DType.F64, DType.F32)
                .map(dtype ->
                    DynamicTest.dynamicTest(
                        folder.getFileName() + " " + dtype, () -> check(folder, dtype))));
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  private static void check(Path folder, DType dtype) throws IOException {
    JsonNode run = json(folder.resolve("run.json"));
    Path checkpoint = GoldenFolder.area("models").resolve(run.get("model").asString());
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile weights = SafetensorsFile.open(checkpoint.resolve("model.safetensors"));
        GoldenFile batches = GoldenFile.open(folder.resolve("batches.safetensors"))) {
      JsonNode config = json(checkpoint.resolve("config.json"));
      ModelLoader.Built built = ModelLoader.build(checkpoint.toString(), config, weights, dtype);
      try (Model model = built.model()) {
        List<TrainingListener.Update> updates = train(run, built, batches, dtype);
        DType compared = precision(config, dtype);
        compare(run, updates, compared);
        Map<String, Tensor> ends = new LinkedHashMap<>();
        model
            .parameters()
            .forEach((name, end) ->
                ends.put(built.fileNames().getOrDefault(name, name), end.to(compared)));
        run.get("final")
            .properties()
            .forEach(one -> {
              Tensor start = weights.read(one.getKey()).to(compared);
              // What the model does not read, such as a mask's embedding, cannot be reached.
              boolean unread = !ends.containsKey(one.getKey());
              assertThat(unread && !one.getValue().path("no_gradient").asBoolean(false))
                  .as("no parameter " + one.getKey())
                  .isFalse();
              Tensor end = unread ? start : Objects.requireNonNull(ends.get(one.getKey()));
              compare(one.getKey(), one.getValue(), start, end, compared);
            });
        compare(run, folder.resolve("final.safetensors"), ends, compared);
      }
    }
  }

  /** The reference scores letters in single precision even where all else is double. */
  private static DType precision(JsonNode config, DType dtype) {
    return config.path("architectures").toString().contains("ForCTC") ? DType.F32 : dtype;
  }

  private static List<TrainingListener.Update> train(
      JsonNode run, ModelLoader.Built built, GoldenFile batches, DType dtype) {
    JsonNode options = run.get("hyperparameters");
    List<ModelInput> inputs = inputs(run.get("order"), batches, dtype);
    List<TrainingListener.Update> updates = new ArrayList<>();
    Objective<ModelInput> objective =
        (input, trace) -> BatchLoss.of(built.model().apply(input, Trace.NONE).loss(), 0);
    TrainingOptions how =
        TrainingOptions.of(options.get("updates").asLong())
            .withBatches(options.get("accumulation").asInt())
            .withSchedule(new Linear(options.get("warmup").asLong(), options.get("total").asLong()))
            .withClip(Clip.norm(options.get("max_norm").asDouble()))
            .withDivergence(Double.POSITIVE_INFINITY);
    try (Optimizer optimizer = new Optimizer(groups(run, built));
        Trainer<ModelInput> trainer =
            new Trainer<>(built.model(), optimizer, objective, feed(inputs), how)) {
      trainer.listen(
          new TrainingListener() {
            @Override
            public void updated(Update update) {
              updates.add(update);
            }
          });
      assertThat(trainer.run().ending()).isEqualTo(TrainingResult.Ending.COMPLETE);
    }
    return updates;
  }

  private static List<ModelInput> inputs(JsonNode order, GoldenFile batches, DType dtype) {
    List<ModelInput> inputs = new ArrayList<>();
    for (JsonNode number : order) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      String batch = "batch." + number.asInt();
      for (String name : batches.group(batch)) {
        Tensor value = batches.read(batch + "." + name);
        tensors.put(name, value.dtype().isFloating() ? value.to(dtype) : value);
      }
      inputs.add(ModelInput.of(tensors));
    }
    return inputs;
  }

  private static Feed<ModelInput> feed(List<ModelInput> inputs) {
    return number ->
        new Feed.Epoch<>() {
          @Override
          public int size() {
            return inputs.size();
          }

          @Override
          public ModelInput load(int batch) {
            return ModelInput.of(inputs.get(batch).tensors());
          }

          @Override
          public String describe(int batch) {
            return "recorded batch " + batch;
          }
        };
  }

  private static List<ParameterGroup> groups(JsonNode run, ModelLoader.Built built) {
    JsonNode options = run.get("hyperparameters");
    Set<String> spared = new LinkedHashSet<>();
    run.get("no_decay").forEach(name -> spared.add(name.asString()));
    Map<String, Tensor> decayed = new LinkedHashMap<>();
    Map<String, Tensor> kept = new LinkedHashMap<>();
    built
        .model()
        .trainable()
        .forEach((name, tensor) -> {
          boolean spare = spared.contains(built.fileNames().getOrDefault(name, name));
          (spare ? kept : decayed).put(name, tensor);
        });
    Moments moments =
        new Moments(
            options.get("betas").get(0).asDouble(),
            options.get("betas").get(1).asDouble(),
            options.get("eps").asDouble());
    AdamW rule = new AdamW(moments, options.get("weight_decay").asDouble(), false);
    double rate = options.get("lr").asDouble();
    return List.of(
        new ParameterGroup("decayed", decayed, rule, rate),
        new ParameterGroup("kept", kept, rule.withWeightDecay(0), rate));
  }

  private static void compare(JsonNode run, List<TrainingListener.Update> updates, DType dtype) {
    String precise = dtype == DType.F64 ? "_f64" : "";
    JsonNode losses = run.get("losses" + precise);
    JsonNode norms = run.get("grad_norm" + precise);
    assertThat(updates).hasSize(losses.size());
    for (int i = 0; i < updates.size(); i++) {
      TrainingListener.Update update = updates.get(i);
      double loss =
          losses.get(i).valueStream().mapToDouble(JsonNode::asDouble).average().orElseThrow();
      assertNear("loss of update " + i, update.loss(), loss, share(run, "loss", dtype));
      double norm = norms.get(i).asDouble();
      double allowed = share(run, "grad_norm", dtype);
      assertNear("norm of update " + i, update.gradientNorm(), norm, allowed);
      assertNear("rate of update " + i, update.rate(), run.get("lr").get(i).asDouble(), 1e-12);
      double most = run.get("hyperparameters").get("max_norm").asDouble();
      if (Math.abs(norm - most) > allowed * norm) {
        assertThat(update.clipped()).isEqualTo(norm > most);
      }
    }
  }

  private static double share(JsonNode run, String what, DType dtype) {
    double noise = NOISE * run.get(what + "_perturbed").asDouble();
    return dtype == DType.F64 ? DOUBLE_SHARE : Math.max(LOSS_SHARE, noise);
  }

  private static void assertNear(String what, double actual, double expected, double share) {
    assertThat(actual)
        .as(what)
        .isCloseTo(expected, Offset.offset(share * Math.abs(expected) + 1e-15));
  }

  private static double tensorShare(JsonNode recorded, DType dtype) {
    double noise =
        Math.max(recorded.get("f32_vs_f64").asDouble(), recorded.get("perturbed").asDouble());
    return dtype == DType.F64 ? DOUBLE_SHARE : Math.max(TENSOR_SHARE, NOISE * noise);
  }

  /** Elements that are each as near as allowed bound the norm by the root of how many there are. */
  private static void compare(
      String name, JsonNode recorded, Tensor start, Tensor end, DType dtype) {
    String precise = dtype == DType.F64 ? "_f64" : "";
    double[] values = end.to(DType.F64).toDoubleArray();
    double norm = 0;
    double sum = 0;
    double largest = 0;
    for (double value : values) {
      norm += value * value;
      sum += value;
      largest = Math.max(largest, Math.abs(value));
    }
    double element = tensorShare(recorded, dtype) * largest;
    assertThat(Math.sqrt(norm))
        .as("norm of " + name)
        .isCloseTo(
            recorded.get("norm" + precise).asDouble(),
            Offset.offset(element * Math.sqrt(values.length)));
    assertThat(sum)
        .as("sum of " + name)
        .isCloseTo(
            recorded.get("sum" + precise).asDouble(), Offset.offset(element * values.length));
    if (recorded.path("no_gradient").asBoolean(false)) {
      TensorAssert.assertClose(name, end, start, Tolerance.NONE);
    }
  }

  private static void compare(JsonNode run, Path file, Map<String, Tensor> ends, DType dtype) {
    try (GoldenFile recorded = GoldenFile.open(file)) {
      for (String name : recorded.group("final")) {
        Tensor expected = recorded.read((dtype == DType.F64 ? "f64." : "") + "final." + name);
        double share = tensorShare(run.get("final").get(name), dtype);
        TensorAssert.assertClose(
            name,
            Objects.requireNonNull(ends.get(name), name),
            expected,
            Tolerance.ofScale(share, RecordedTraining.largest(expected)));
      }
    }
  }
}
