package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.checkpoint.RecordedReference;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.ModelLoader;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a model with every case of a recorded reference: outputs, losses, gradients, decoding
 * and generation.
 *
 * @param reference config, weights and cases
 * @param tolerance the largest difference allowed, as a multiple of the reference's own rounding:
 *     the recorded largest difference between its single and its double precision
 * @param dtype what is computed in, f32 or f64
 */
public record Verification(RecordedReference reference, double tolerance, DType dtype) {
  /** A correct implementation stays within it. */
  public static final double USUAL_TOLERANCE = 10;

  private static final String LOSS = "output.loss";
  private static final String SQUARE = "mean square of ";

  private static final String MASK = "input.attention_mask";

  /**
   * One compared tensor.
   *
   * @param file the case
   * @param key the recorded key
   * @param absolute the largest absolute difference; NaN if one is not a number
   * @param relative the same as a share of the largest recorded value
   * @param allowed the largest absolute difference allowed
   * @param passed whether it is within that
   */
  public record Row(
      String file, String key, double absolute, double relative, double allowed, boolean passed) {}

  /**
   * What came out.
   *
   * @param rows every compared tensor
   * @param notCompared recorded keys that nothing was compared with, as {@code case: key}
   * @param beyondEngine recorded gradients, likewise, where the engine computes none
   */
  public record Outcome(List<Row> rows, List<String> notCompared, List<String> beyondEngine) {
    /** Whether everything recorded that the engine computes is within the tolerance. */
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
    List<String> beyond = new ArrayList<>();
    boolean withGradients = Backend.hasGradients();
    for (Path file : reference.cases()) {
      try (GoldenFile recorded = GoldenFile.open(file)) {
        compare(recorded, rows);
        for (String key : recorded.unread()) {
          boolean missing = !withGradients && key.startsWith("grad.");
          (missing ? beyond : left).add(recorded.name() + ": " + key);
        }
      }
    }
    return new Outcome(rows, left, beyond);
  }

  private void compare(GoldenFile recorded, List<Row> rows) {
    JsonNode config = config(recorded);
    String where = reference.configFile().toString();
    Tolerances allowed = Tolerances.of(recorded, tolerance, dtype);
    try (TensorScope scope = TensorScope.open();
        SafetensorsFile source = reference.weights()) {
      ModelLoader.Built built = ModelLoader.build(where, config, source, dtype);
      try (Model model = built.model().asRecorded()) {
        model.requiresGrad(true);
        Map<String, Tensor> results = new LinkedHashMap<>();
        ModelOutput output =
            model.apply(input(recorded, "input"), Trace.NONE, new Wanted(true, true));
        output
            .values()
            .forEach((key, value) -> {
              results.put("output." + key, value);
              results.put("output_fp64." + key, value);
            });
        bare(model, recorded, results);
        lastAlone(model, recorded, results);
        earlier(model, recorded, results);
        gradients(recorded, model.trainable(), built.fileNames(), results);
        model.requiresGrad(false);
        Model writer = LastTokenAlone.of(config, model);
        results.putAll(RecordedCache.run(writer, recorded, input(recorded, "input"), dtype));
        results.putAll(
            RecordedGeneration.run(writer, config, recorded, input(recorded, "generate_input")));
        RecordedLayout.give(recorded, results);
        LossesByCluster.order(config, recorded, results);
        boolean reads = model.kind() == ModelKind.ENCODER_DECODER;
        boolean everywhere = model.definesPadding();
        results.forEach((key, value) -> {
          if (recorded.has(key)) {
            String call = key.startsWith("cache.") ? "cache.attention_mask_step1" : MASK;
            boolean all = everywhere || (reads && !isOfEncoder(key));
            Tensor shown = all ? null : optional(recorded, call);
            rows.add(row(recorded, key, asShown(recorded, key, value), allowed, shown));
          }
        });
      }
    }
  }

  private static boolean isOfEncoder(String key) {
    return key.startsWith("output.encoder_") || key.startsWith("cache.past_key_values.cross.");
  }

  private ModelInput input(GoldenFile recorded, String group) {
    return RecordedInputs.of(recorded, group, dtype);
  }

  /**
   * The recorded states of an encoder-decoder are those without labels, and so without the
   * decoder's inputs that would follow from them.
   */
  private void bare(Model model, GoldenFile recorded, Map<String, Tensor> results) {
    if (model.kind() == ModelKind.ENCODER_DECODER
        && recorded.has("output.last_hidden_state")
        && recorded.has("input.labels")
        && !recorded.has("input.decoder_input_ids")) {
      ModelInput input = input(recorded, "input").without("labels");
      results.put("output.last_hidden_state", model.apply(input).lastHiddenState());
    }
  }

  /** An earlier segment of the text, whose memories are the inputs {@code mems}. */
  private void earlier(Model model, GoldenFile recorded, Map<String, Tensor> results) {
    if (recorded.has("segment1.input_ids")) {
      ModelInput input = input(recorded, "segment1").without("logits");
      ModelOutput output = model.apply(input.with("use_mems", true));
      results.put("segment1.logits", output.logits());
      List<Tensor> memories = output.series("mems");
      for (int i = 0; i < memories.size(); i++) {
        results.put("input.mems." + i, memories.get(i));
      }
    }
  }

  /**
   * One reference (FSMT) takes the last token alone when it may keep a cache, though there is none,
   * and calls its scores states.
   */
  private void lastAlone(Model model, GoldenFile recorded, Map<String, Tensor> results) {
    if (model.kind() != ModelKind.ENCODER_DECODER
        || !recorded.has("output.last_hidden_state")
        || !recorded.has("input.decoder_input_ids")) {
      return;
    }
    Tensor ids = recorded.read("input.decoder_input_ids");
    Tensor states = recorded.read("output.last_hidden_state");
    long time = ids.size(1);
    if (states.size(1) != 1 || time == 1) {
      return;
    }
    try (DecodeState state = new DecodeState()) {
      state.advance(time - 1);
      ModelInput input =
          input(recorded, "input")
              .without("labels")
              .with("decoder_input_ids", ids.narrow(1, time - 1, 1))
              .with(state);
      results.put("output.last_hidden_state", model.apply(input).logits());
    }
  }

  /**
   * A case may change some values of the config, and every reference ran with eager attention,
   * which in one family is not what it is otherwise.
   */
  private JsonNode config(GoldenFile recorded) {
    JsonNode config = reference.config();
    if (!(config instanceof ObjectNode plain)) {
      return config;
    }
    ObjectNode changed = plain.deepCopy();
    changed.put("_attn_implementation", "eager");
    if (recorded.settings().containsKey("config_overrides")) {
      recorded
          .json("config_overrides")
          .properties()
          .forEach(entry -> changed.set(entry.getKey(), entry.getValue()));
    }
    return changed;
  }

  private static void gradients(
      GoldenFile recorded,
      Map<String, Tensor> parameters,
      Map<String, String> fileNames,
      Map<String, Tensor> results) {
    String what = recorded.settings().getOrDefault("gradient_of", LOSS);
    boolean squared = what.startsWith(SQUARE);
    Tensor value = results.get(squared ? what.substring(SQUARE.length()) : what);
    Tensor loss = value != null && squared ? value.square().mean() : value;
    if (loss == null || !loss.requiresGrad()) {
      return;
    }
    List<String> names = new ArrayList<>();
    List<Tensor> inputs = new ArrayList<>();
    parameters.forEach((name, parameter) -> {
      String stored = fileNames.getOrDefault(name, name);
      if (recorded.has("grad." + stored)) {
        names.add(stored);
        inputs.add(parameter);
      }
    });
    if (inputs.isEmpty()) {
      return;
    }
    List<Tensor> found = Gradients.of(loss, inputs);
    for (int i = 0; i < names.size(); i++) {
      results.put("grad." + names.get(i), found.get(i));
    }
  }

  private Row row(
      GoldenFile recorded, String key, Tensor value, Tolerances allowed, @Nullable Tensor shown) {
    Tensor expected = RecordedLayout.of(recorded, key, value);
    if (!expected.shape().equals(value.shape())) {
      return new Row(recorded.name(), key, Double.NaN, Double.NaN, 0, false);
    }
    if (expected.elements() == 0) {
      return new Row(recorded.name(), key, 0, 0, 0, true);
    }
    Tensor wanted = expected.to(DType.F64);
    Tensor difference = visible(key, value.detach().to(DType.F64).sub(wanted).abs(), shown);
    double absolute = difference.max().item();
    double scale = wanted.abs().max().item();
    double relative =
        scale == 0 ? (absolute == 0 ? 0 : Double.POSITIVE_INFINITY) : absolute / scale;
    // Token numbers have no tolerance.
    double most = expected.dtype().isFloating() ? allowed.of(key, scale) : 0;
    return new Row(recorded.name(), key, absolute, relative, most, absolute <= most);
  }

  /**
   * One reference (WavLM) shows the mean of all heads' weights in the place of each: what it shows
   * is compared with that.
   */
  private static Tensor asShown(GoldenFile recorded, String key, Tensor value) {
    if (!key.startsWith("output.attentions.") || value.rank() != 4 || value.size(1) == 1) {
      return value;
    }
    Tensor shown = recorded.read(key);
    boolean alike = shown.sub(shown.narrow(1, 0, 1)).abs().max().item() == 0;
    return alike ? value.mean(1, true).expand(value.shape().toArray()) : value;
  }

  /**
   * Without the queries that stand on padding where they may see nothing: what the reference
   * computes there comes from how it writes masks, not from the model.
   */
  private static Tensor visible(String key, Tensor difference, @Nullable Tensor shown) {
    if (shown == null || key.startsWith("grad.")) {
      return difference;
    }
    boolean states = difference.rank() == 3 && difference.size(1) == shown.size(1);
    boolean weights = difference.rank() == 4 && difference.size(2) == shown.size(1);
    if (!states && !weights) {
      return difference;
    }
    Tensor rows = shown.ne(0).to(DType.F64).unsqueeze(-1);
    return difference.mul(weights ? rows.unsqueeze(1) : rows);
  }

  /** The recorded tensor of an optional input. */
  public static @Nullable Tensor optional(GoldenFile recorded, String key) {
    return recorded.has(key) ? recorded.read(key) : null;
  }
}
