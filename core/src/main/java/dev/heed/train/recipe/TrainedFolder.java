package dev.heed.train.recipe;

import dev.heed.adapt.AdapterFolder;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelStart;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes what was trained as a Hugging Face folder: config.json, model.safetensors with low-rank
 * updates added, the tokenizer's files; and {@code adapter} with the updates alone, in peft's
 * layout, where nothing else learned.
 */
final class TrainedFolder {
  private TrainedFolder() {}

  static void write(Path folder, ModelStart start, Adapted adapted, ModelFiles files) {
    try (TensorScope scope = TensorScope.open()) {
      Files.createDirectories(folder);
      files.copyCompanions(folder);
      Files.write(
          folder.resolve("config.json"),
          JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(start.config()));
      SafetensorsWriter.write(
          folder.resolve("model.safetensors"),
          start.saved(adapted.merged()),
          Map.of("format", "pt"));
      if (adapted.lora() != null && adapted.isAdapterAlone()) {
        AdapterFolder.save(folder.resolve("adapter"), adapted.lora());
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
}
