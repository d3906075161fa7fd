package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Opens a checkpoint by what is there: a file of a known kind, or the best one of a Hugging Face
 * folder.
 */
public final class Checkpoint {
  private static final List<String> PREFERRED =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "model.onnx",
          "onnx/model.onnx");

  private Checkpoint() {}

  /**
   * Opens a file or folder.
   *
   * @param path a folder with one of {@code model.safetensors}, {@code
   *     model.safetensors.index.json}, {@code pytorch_model.bin}, {@code model.onnx}, {@code
   *     onnx/model.onnx}, taken in this order, or with a single {@code .gguf} or llama2.c file; or
   *     a file of one of these endings, or {@code .pt}
   * @return owned by the caller
   * @throws CheckpointException {@code NOT_FOUND} when there is none, {@code UNSUPPORTED} for
   *     another ending, and what the format's own reader throws
   */
  public static CheckpointSource open(Path path) {
    Path file = Files.isDirectory(path) ? preferred(path) : path;
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".index.json")) {
      return ShardedSafetensors.open(file);
    }
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "safetensors" -> SafetensorsFile.open(file);
      case "onnx" -> OnnxFile.open(file);
      case "gguf" -> GgufFile.open(file);
      case "bin" -> Llama2cFile.isThere(file) ? Llama2cFile.open(file) : TorchArchive.open(file);
      case "pt", "pth" -> TorchArchive.open(file);
      default ->
          throw new CheckpointException(
              Kind.UNSUPPORTED,
              file.toString(),
              "a name that ends in .safetensors, .safetensors.index.json, .gguf, .onnx, .bin or"
                  + " .pt",
              Quoted.of(name),
              "Convert the checkpoint to safetensors.");
    };
  }

  private static Path preferred(Path folder) {
    return PREFERRED.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .or(() -> onlyModelFile(folder))
        .orElseThrow(() ->
            new CheckpointException(
                Kind.NOT_FOUND,
                folder.toString(),
                "one of " + String.join(", ", PREFERRED) + ", or a single .gguf or llama2.c file",
                "none of them",
                "Give the folder that holds config.json and the weights."));
  }

  /** The one file that says by itself what model it holds. */
  private static Optional<Path> onlyModelFile(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(Checkpoint::isModelFile).limit(2).toList();
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a readable folder",
          String.valueOf(e.getMessage()),
          "Check its permissions.",
          e);
    }
  }

  private static boolean isModelFile(Path file) {
    String name = file.toString();
    return Files.isRegularFile(file)
        && (name.endsWith(".gguf") || name.endsWith(".bin") && Llama2cFile.isThere(file));
  }
}
