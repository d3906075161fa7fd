package dev.heed.cli;

import dev.heed.model.ModelFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command reads: a mixin of {@code --model}. */
public final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A checkpoint folder (default: the all-MiniLM-L6-v2 that Heed carries).")
  private @Nullable Path folder;

  /** Whether the model is the one that Heed carries. */
  public boolean isEmbedded() {
    return folder == null;
  }

  /**
   * The model's files.
   *
   * @throws BadInputException if there is no such folder
   */
  public ModelFiles files() {
    if (folder == null) {
      return ModelFiles.embedded();
    }
    return files("--model", folder);
  }

  /**
   * The files of a model that another option names: a folder, a file, or, where there is neither, a
   * model that Heed carries.
   *
   * @throws BadInputException if there is no such folder or file
   */
  public static ModelFiles files(String option, Path folder) {
    if (!Files.exists(folder) && ModelFiles.carries(folder.toString())) {
      return ModelFiles.carried(folder.toString());
    }
    if (!Files.isDirectory(folder) && !isModelFile(folder)) {
      throw new BadInputException(
          option
              + ": "
              + (Files.exists(folder) ? "expected a folder, got a file: " : "no such folder: ")
              + folder
              + "; name one that holds config.json, weights and tokenizer.json");
    }
    return ModelFiles.folder(folder);
  }

  private static boolean isModelFile(Path file) {
    String name = file.toString();
    return Files.isRegularFile(file) && (name.endsWith(".gguf") || name.endsWith(".bin"));
  }
}
