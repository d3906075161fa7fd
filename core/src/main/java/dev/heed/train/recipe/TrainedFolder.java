package dev.heed.train.recipe;

import dev.heed.adapt.AdapterFolder;
import dev.heed.adapt.LowRankAdaptation;
import dev.heed.adapt.PrefixFolder;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.checkpoint.WholeFile;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelStart;
import dev.heed.model.PrefixedRuns;
import dev.heed.model.PromptedRuns;
import dev.heed.model.RunChange;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes what was trained as a Hugging Face folder: config.json, model.safetensors with low-rank
 * updates added, the tokenizer's files; and {@code adapter}, in peft's layout, with the updates
 * alone and the head that learned beside them, which opens as a model too. There is none where the
 * model began from nothing: no file has what it was put on. A trained prefix or prompt is no part
 * of any weight, so that its folder is peft's and has no model.safetensors.
 */
final class TrainedFolder {
  private TrainedFolder() {}

  /**
   * Writes.
   *
   * @param spelling whose tokenizer the model reads with
   * @param base the name of the model that was begun with, or its folder
   */
  static void write(
      Path folder,
      ModelStart start,
      Adapted adapted,
      ModelFiles files,
      ModelFiles spelling,
      String base) {
    try (TensorScope scope = TensorScope.open()) {
      Files.createDirectories(folder);
      files.copyCompanions(folder);
      spelling.copyCompanions(folder);
      writeConfig(folder, start);
      RunChange virtual = adapted.virtual();
      if (virtual != null) {
        write(folder, virtual, seenFrom(folder, base), adapted.beside());
        return;
      }
      SafetensorsWriter.write(
          folder.resolve("model.safetensors"),
          start.saved(adapted.merged()),
          Map.of("format", "pt"));
      LowRankAdaptation updates = adapted.lora();
      if (updates != null && !start.isFresh()) {
        Path adapter = folder.resolve("adapter");
        AdapterFolder.save(
            adapter, updates, seenFrom(adapter, base), adapted.beside(), adapted.biases());
        writeConfig(adapter, start);
      }
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
  }

  private static void write(
      Path folder, RunChange virtual, String base, Map<String, Tensor> saved) {
    switch (virtual) {
      case PrefixedRuns runs -> PrefixFolder.save(folder, runs.prefix(), base, saved);
      case PromptedRuns runs -> PrefixFolder.save(folder, runs.prompt(), base, saved);
      default -> throw new IllegalStateException("no folder for " + virtual.getClass());
    }
  }

  private static void writeConfig(Path folder, ModelStart start) throws IOException {
    WholeFile.write(
        folder.resolve("config.json"),
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(start.config()));
  }

  /** The encoder's name, or the way from the adapter's folder to the base model's. */
  private static String seenFrom(Path adapter, String base) throws IOException {
    if (base.equals(RecipeRun.EMBEDDED)) {
      return ModelFiles.EMBEDDED;
    }
    Path from = Files.createDirectories(adapter).toRealPath();
    Path to = Path.of(base).toRealPath();
    boolean one = Objects.equals(from.getRoot(), to.getRoot());
    return (one ? from.relativize(to) : to).toString();
  }
}
