package dev.heed.model;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.checkpoint.RecordedReference;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a model with every case of a recorded reference: outputs, losses and gradients.
 *
 * @param reference config, weights and cases
 * @param tolerance the largest difference allowed, as a share of the largest recorded value
 */
public record Verification(RecordedReference reference, double tolerance) {
  /** A correct implementation in single precision stays well within it. */
  public static final double USUAL_TOLERANCE = 1e-4;

  /** Where the recorded value is nothing but rounding, as the gradients of key biases are. */
  private static final double ROUNDING = 1e-6;

  private static final String LOSS = "output.loss";

  /**
   * One compared tensor.
   *
   * @param file the case
   * @param key the recorded key
   * @param absolute the largest absolute difference; NaN if one is not a number
   * @param relative the same as a share of the largest recorded value
   * @param passed whether it is within the tolerance
   */
  public record Row(String file, String key, double absolute, double relative, boolean passed) {}

  /**
   * What came out.
   *
   * @param rows every compared tensor
   * @param notCompared recorded keys that nothing was compared with, as {@code case: key}
   */
  public record Outcome(List<Row> rows, List<String> notCompared) {
    /** Whether everything recorded was compared and is within the tolerance. */
    public boolean passed() {
      return !rows.isEmpty() && notCompared.isEmpty() && rows.stream().allMatch(Row::passed);
    }
  }

  /**
   * Runs every case.
   *
   * @throws CheckpointException for invalid files, or an architecture that Heed does not have
   */
  public Outcome run() {
    List<Row> rows = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (Path file : reference.cases()) {
      try (GoldenFile recorded = GoldenFile.open(file)) {
        compare(recorded, rows);
        recorded.unread().forEach(key -> left.add(recorded.name() + ": " + key));
      }
    }
    return new Outcome(rows, left);
  }

  private void compare(GoldenFile recorded, List<Row> rows) {
    JsonNode config = config(recorded);
    String where = reference.configFile().toString();
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile source = reference.weights()) {
      Weights weights = Weights.from(source);
      RecordedModel.Runnable model = build(where, config, weights);
      try (var module = model.module()) {
        weights.requireAllUsed();
        module.requiresGrad(true);
        Map<String, Tensor> results = new LinkedHashMap<>(model.run(recorded));
        gradients(recorded, module.trainable(), results);
        results.forEach((key, value) -> {
          if (recorded.has(key)) {
            rows.add(row(recorded, key, value));
          }
        });
      }
    }
  }

  /** A case may change some values of the config. */
  private JsonNode config(GoldenFile recorded) {
    JsonNode config = reference.config();
    if (!recorded.settings().containsKey("config_overrides")
        || !(config instanceof ObjectNode plain)) {
      return config;
    }
    ObjectNode changed = plain.deepCopy();
    recorded
        .json("config_overrides")
        .properties()
        .forEach(entry -> changed.set(entry.getKey(), entry.getValue()));
    return changed;
  }

  private static RecordedModel.Runnable build(String where, JsonNode config, Weights weights) {
    List<String> wanted = new ArrayList<>();
    config.path("architectures").forEach(name -> wanted.add(name.asString("")));
    TreeSet<String> known = new TreeSet<>();
    for (RecordedModel family : ServiceLoader.load(RecordedModel.class)) {
      known.addAll(family.architectures());
      for (String architecture : wanted) {
        if (family.architectures().contains(architecture)) {
          return family.build(architecture, config, weights);
        }
      }
    }
    throw new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        "architectures with one of " + known,
        wanted.toString(),
        "Heed cannot run this model yet.");
  }

  private static void gradients(
      GoldenFile recorded, Map<String, Tensor> parameters, Map<String, Tensor> results) {
    Tensor loss = results.get(LOSS);
    if (loss == null || !loss.requiresGrad()) {
      return;
    }
    List<String> names = recorded.group("grad").stream().filter(parameters::containsKey).toList();
    List<Tensor> inputs = new ArrayList<>();
    names.forEach(name -> inputs.add(java.util.Objects.requireNonNull(parameters.get(name))));
    List<Tensor> found = Gradients.of(loss, inputs);
    for (int i = 0; i < names.size(); i++) {
      results.put("grad." + names.get(i), found.get(i));
    }
  }

  private Row row(GoldenFile recorded, String key, Tensor value) {
    Tensor expected = recorded.read(key);
    if (!expected.shape().equals(value.shape())) {
      return new Row(recorded.name(), key, Double.NaN, Double.NaN, false);
    }
    if (expected.elements() == 0) {
      return new Row(recorded.name(), key, 0, 0, true);
    }
    Tensor wanted = expected.to(DType.F64);
    double absolute = value.detach().to(DType.F64).sub(wanted).abs().max().item();
    double scale = wanted.abs().max().item();
    double relative =
        scale == 0 ? (absolute == 0 ? 0 : Double.POSITIVE_INFINITY) : absolute / scale;
    // Token numbers have no tolerance.
    boolean passed =
        expected.dtype().isFloating()
            ? relative <= tolerance || absolute <= ROUNDING
            : absolute == 0;
    return new Row(recorded.name(), key, absolute, relative, passed);
  }

  /** The recorded tensor of an optional input. */
  public static @Nullable Tensor optional(GoldenFile recorded, String key) {
    return recorded.has(key) ? recorded.read(key) : null;
  }
}
