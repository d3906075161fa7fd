package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.checkpoint.GoldenFile;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.Adadelta;
import dev.heed.train.optim.Adafactor;
import dev.heed.train.optim.Adagrad;
import dev.heed.train.optim.Adam;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Adamax;
import dev.heed.train.optim.BertAdam;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Clipping;
import dev.heed.train.optim.Lamb;
import dev.heed.train.optim.Lion;
import dev.heed.train.optim.Moments;
import dev.heed.train.optim.Muon;
import dev.heed.train.optim.NAdam;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.optim.RAdam;
import dev.heed.train.optim.RmsProp;
import dev.heed.train.optim.Sgd;
import dev.heed.train.optim.UpdateRule;
import dev.heed.train.schedule.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Every optimiser against recorded steps on fixed gradients. */
@Tag("integration")
class OptimizerReferenceTest {
  @TestFactory
  Stream<DynamicTest> recorded() {
    return RecordedTraining.tests("optimizers", OptimizerReferenceTest::check);
  }

  private static void check(GoldenFile file, DType dtype) {
    JsonNode options = file.json("hyperparameters");
    try (TensorScope scope = TensorScope.open();
        GoldenFile inputs =
            GoldenFile.open(RecordedTraining.folder().resolve("optimizers/inputs.safetensors"))) {
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      for (String name : inputs.group("param")) {
        parameters.put(name, inputs.read("param." + name).to(dtype).copy());
      }
      List<ParameterGroup> groups = groups(file.name(), options, parameters);
      List<Double> norms = new ArrayList<>();
      try (Optimizer optimizer = new Optimizer(groups)) {
        for (int step = 1; step <= inputs.integer("steps"); step++) {
          Map<String, Tensor> gradients = new LinkedHashMap<>();
          for (String name : optimizer.parameters().keySet()) {
            gradients.put(name, inputs.read("grad." + step + "." + name).to(dtype));
          }
          Clipping clipping = clip(options).measure(gradients.values());
          norms.add(clipping.norm());
          optimizer.step(gradients, clipping, schedule(file));
          compare(file, step, parameters, dtype);
        }
      }
      requireNothingElse(file, norms, dtype);
    }
  }

  private static void compare(
      GoldenFile file, int step, Map<String, Tensor> parameters, DType dtype) {
    parameters.forEach((name, tensor) -> {
      String key = "output." + step + "." + name;
      if (file.has("f64." + key)) {
        RecordedTraining.assertClose(file, key, tensor, dtype);
      }
    });
  }

  private static void requireNothingElse(GoldenFile file, List<Double> norms, DType dtype) {
    if (file.has("f64.output.total_norm")) {
      double[] all = norms.stream().mapToDouble(norm -> norm).toArray();
      RecordedTraining.assertClose(file, "output.total_norm", Tensor.of(all), dtype);
    }
    String other = dtype == DType.F64 ? "output." : "f64.";
    assertThat(file.unread())
        .as("recorded and not compared")
        .allMatch(key -> key.startsWith(other));
  }

  private static Schedule schedule(GoldenFile file) {
    if (!file.settings().containsKey("lr_factors")) {
      return Schedule.CONSTANT;
    }
    JsonNode factors = file.json("lr_factors");
    return (base, step) -> base * factors.get((int) step).asDouble();
  }

  private static Clip clip(JsonNode options) {
    if (options.has("max_norm")) {
      String degree = options.path("norm_type").asString("2");
      return new Clip.Norm(
          options.get("max_norm").asDouble(),
          degree.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(degree));
    }
    return options.has("clip_value")
        ? new Clip.Value(options.get("clip_value").asDouble())
        : Clip.NONE;
  }

  private static List<ParameterGroup> groups(
      String name, JsonNode options, Map<String, Tensor> parameters) {
    UpdateRule rule = rule(name, options);
    double rate = number(options, "lr", 0);
    Map<String, Tensor> chosen = new LinkedHashMap<>(parameters);
    if (rule instanceof Muon) {
      chosen.values().removeIf(tensor -> tensor.rank() < 2);
    }
    if (!name.equals("adamw_groups")) {
      return ParameterGroup.all(chosen, rule, rate);
    }
    Map<String, Tensor> embeddings = new LinkedHashMap<>(parameters);
    embeddings.keySet().removeIf(key -> !key.startsWith("embed."));
    chosen.keySet().removeAll(embeddings.keySet());
    List<ParameterGroup> groups =
        new ArrayList<>(ParameterGroup.decayAllBut(chosen, rule, rate, "bias", "norm.*", "scale"));
    groups.add(
        new ParameterGroup("embeddings", embeddings, rule, rate)
            .slowed(number(options, "embed_lr_factor", 1)));
    return groups;
  }

  private static UpdateRule rule(String name, JsonNode options) {
    double decay = number(options, "weight_decay", 0);
    double momentum = number(options, "momentum", 0);
    boolean amsgrad = options.path("amsgrad").asBoolean(false);
    return switch (name.split("_")[0]) {
      case "sgd", "clip" ->
          new Sgd(
              momentum,
              number(options, "dampening", 0),
              options.path("nesterov").asBoolean(false),
              decay);
      case "adam" -> new Adam(moments(options), decay, amsgrad);
      case "adamw" ->
          name.equals("adamw_bert") || name.equals("adamw_hf")
              ? new BertAdam(moments(options), decay, options.get("correct_bias").asBoolean())
              : new AdamW(moments(options), decay, amsgrad);
      case "adagrad" ->
          new Adagrad(
              number(options, "lr_decay", 0),
              number(options, "initial_accumulator_value", 0),
              number(options, "eps", 1e-10),
              decay);
      case "rmsprop" ->
          new RmsProp(
              number(options, "alpha", 0.99),
              number(options, "eps", 1e-8),
              momentum,
              options.path("centered").asBoolean(false),
              decay);
      case "adadelta" ->
          new Adadelta(number(options, "rho", 0.9), number(options, "eps", 1e-6), decay);
      case "adamax" -> new Adamax(moments(options), decay);
      case "nadam" -> new NAdam(moments(options), number(options, "momentum_decay", 4e-3), decay);
      case "radam" -> new RAdam(moments(options), decay);
      case "adafactor" -> adafactor(options, decay);
      case "lion" -> new Lion(beta(options, 0), beta(options, 1), decay);
      case "lamb" ->
          name.equals("lamb")
              ? new Lamb(moments(options), decay, false, 10)
              : new Lamb(moments(options), decay, true, Double.POSITIVE_INFINITY);
      case "muon" ->
          new Muon(
              momentum,
              decay,
              options.path("nesterov").asBoolean(true),
              options.path("ns_steps").asInt(5));
      default -> throw new IllegalArgumentException("no optimiser for the recording " + name);
    };
  }

  private static Adafactor adafactor(JsonNode options, double decay) {
    return new Adafactor(
        options.get("eps").get(0).asDouble(),
        options.get("eps").get(1).asDouble(),
        options.get("clip_threshold").asDouble(),
        options.get("decay_rate").asDouble(),
        number(options, "beta1", 0),
        decay,
        options.get("scale_parameter").asBoolean(),
        options.get("relative_step").asBoolean(),
        options.get("warmup_init").asBoolean());
  }

  private static Moments moments(JsonNode options) {
    return new Moments(beta(options, 0), beta(options, 1), number(options, "eps", 1e-8));
  }

  private static double beta(JsonNode options, int index) {
    return options.get("betas").get(index).asDouble();
  }

  private static double number(JsonNode options, String key, double absent) {
    JsonNode value = options.path(key);
    return value.isNumber() ? value.asDouble() : absent;
  }
}
