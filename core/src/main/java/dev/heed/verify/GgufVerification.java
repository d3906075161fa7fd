package dev.heed.verify;

import dev.heed.attention.DecodeState;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.ConfigFile;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.checkpoint.gguf.GgufModel;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.recorded.TokenizerVerification;
import dev.heed.verify.Verification.Outcome;
import dev.heed.verify.Verification.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Compares models in GGUF files with what llama.cpp made of them: a folder of {@code
 * MODEL-KIND.gguf}, {@code expected.json} (prompts, texts, greedy continuations) and {@code
 * expected.safetensors} ({@code KIND.logits.PROMPT}, for encoders {@code KIND.hidden.PROMPT} and
 * {@code KIND.embedding.PROMPT}, each also with {@code _dequantized}: in floats throughout).
 *
 * @param folder the folder
 */
public record GgufVerification(Path folder) {
  private static final String RECORDING = "expected.json";
  private static final String TENSORS = "expected.safetensors";

  /** Of the largest magnitude, in floats on the stored weights. */
  private static final double USUAL = 1e-4;

  /** The same where the reference reads GELU from a table in half precision. */
  private static final double TABLED = 2e-3;

  private static final List<String> WITH_TABLE = List.of("gpt2", "gemma", "bert");

  /** Of the original weights. */
  private static final double ORIGINAL = 1e-4;

  /** A step decides no more where the best two scores are as near as that. */
  private static final double UNDECIDED = 3;

  /** One model file. */
  private record File(
      String kind, JsonNode recorded, Model model, String pooling, List<Row> rows) {}

  /** Whether there is such a recording. */
  public static boolean isRecording(Path folder) {
    Path file = folder.resolve(RECORDING);
    return Files.isRegularFile(file)
        && Files.isRegularFile(folder.resolve(TENSORS))
        && ConfigFile.json(file).path("files").isObject();
  }

  /**
   * Compares everything.
   *
   * @throws CheckpointException for missing or invalid files, and for a model that Heed does not
   *     have
   */
  public Outcome run() {
    JsonNode recorded = ConfigFile.json(folder.resolve(RECORDING));
    List<Row> rows = new ArrayList<>();
    try (GoldenFile tensors = GoldenFile.open(folder.resolve(TENSORS))) {
      for (Map.Entry<String, JsonNode> entry : recorded.path("files").properties()) {
        file(recorded, entry.getKey(), entry.getValue(), tensors, rows);
      }
      List<String> left = tensors.unread().stream().map(key -> "expected: " + key).toList();
      return new Outcome(rows, left, List.of());
    }
  }

  private void file(
      JsonNode recorded, String name, JsonNode own, GoldenFile tensors, List<Row> rows) {
    Path path = folder.resolve(name);
    String kind = name.substring(recorded.path("model").asString().length() + 1);
    kind = kind.substring(0, kind.lastIndexOf('.'));
    String pooling;
    try (GgufModel file = GgufModel.open(path)) {
      pooling = file.pooling().orElse("none");
    }
    try (TensorScope scope = TensorScope.inference();
        Model model = ModelLoader.of(ModelFiles.folder(path)).as(DType.F32).load()) {
      File file = new File(kind, own, model, pooling, rows);
      double tolerance = tolerance(recorded.path("architecture").asString(""));
      JsonNode prompts = recorded.path("prompts");
      for (int p = 0; p < prompts.size(); p++) {
        prompt(file, prompts.get(p), p, tensors, tolerance);
      }
    }
    if (recorded.has("texts")) {
      TokenizerVerification.Outcome texts = TokenizerVerification.ofModel(path, recorded);
      int different = texts.differences().size();
      double share = (double) different / texts.compared();
      rows.add(new Row(kind, "texts", different, share, 0, texts.passed()));
    }
  }

  private static double tolerance(String architecture) {
    return WITH_TABLE.stream().anyMatch(architecture::startsWith) ? TABLED : USUAL;
  }

  private static void prompt(
      File file, JsonNode prompt, int number, GoldenFile tensors, double tolerance) {
    long[] ids = new long[prompt.path("ids").size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = prompt.path("ids").get(i).asLong();
    }
    double native0 =
        Math.max(
            tolerance, 2 * file.recorded().path("native_vs_dequantized").path(number).asDouble(0));
    TensorScope.run(() -> {
      ModelInput input = ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
      if (tensors.has(file.kind() + ".hidden." + number)) {
        Tensor states = file.model().apply(input).lastHiddenState().squeeze(0);
        both(file, "hidden", number, states, tensors, tolerance, native0);
        both(file, "embedding", number, pooled(file, states), tensors, tolerance, native0);
        return null;
      }
      Tensor logits = file.model().apply(input).logits().squeeze(0);
      both(file, "logits", number, logits, tensors, tolerance, native0);
      String original = "hugging_face.logits." + number;
      if (tensors.has(original) && file.kind().equals("F32")) {
        compare(file, original, logits, tensors, ORIGINAL);
      }
      greedy(file, ids, prompt.path("generated").asInt(), number, tolerance);
      return null;
    });
  }

  private static Tensor pooled(File file, Tensor states) {
    return switch (file.pooling()) {
      case "mean" -> states.mean(0, false);
      case "last" -> states.select(0, -1);
      default -> states.select(0, 0);
    };
  }

  private static void both(
      File file,
      String what,
      int number,
      Tensor value,
      GoldenFile tensors,
      double tolerance,
      double quantized) {
    String key = file.kind() + "." + what;
    compare(file, key + "_dequantized." + number, value, tensors, tolerance);
    compare(file, key + "." + number, value, tensors, quantized);
  }

  private static void compare(
      File file, String key, Tensor value, GoldenFile tensors, double tolerance) {
    if (!tensors.has(key)) {
      return;
    }
    Tensor wanted = tensors.read(key).to(DType.F64);
    Tensor shown = value.rank() == 2 ? rows(value, wanted.size(0)) : value;
    double scale = wanted.abs().max().item();
    double absolute = shown.to(DType.F64).sub(wanted).abs().max().item();
    double relative = absolute / scale;
    file.rows()
        .add(
            new Row(
                file.kind(), key, absolute, relative, tolerance * scale, relative <= tolerance));
  }

  /** All positions, or the first, the middle and the last, or the last. */
  private static Tensor rows(Tensor value, long count) {
    long length = value.size(0);
    if (count == length) {
      return value;
    }
    long[] places = count == 1 ? new long[] {length - 1} : new long[] {0, length / 2, length - 1};
    return value.indexSelect(0, Tensor.of(places, places.length));
  }

  /** Equal up to the first step that a difference within the tolerance could turn. */
  private static void greedy(File file, long[] ids, int most, int number, double tolerance) {
    JsonNode wanted = file.recorded().path("greedy_dequantized").path(number);
    JsonNode margins = file.recorded().path("margins").path(number);
    int different = 0;
    try (DecodeState state = new DecodeState()) {
      long[] fresh = ids;
      for (int step = 0; step < Math.min(most, wanted.size()); step++) {
        if (margins.path(step).asDouble(1) < UNDECIDED * tolerance) {
          break;
        }
        ModelInput input = ModelInput.of("input_ids", Tensor.of(fresh, 1, fresh.length));
        Tensor last = file.model().apply(input.with(state)).logits().select(1, -1);
        long next = (long) last.argmax(-1, false).item();
        different += next == wanted.get(step).asLong() ? 0 : 1;
        fresh = new long[] {wanted.get(step).asLong()};
      }
    }
    String key = "greedy_dequantized." + number;
    double share = (double) different / Math.max(1, wanted.size());
    file.rows().add(new Row(file.kind(), key, different, share, 0, different == 0));
  }
}
