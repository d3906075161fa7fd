package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A folder that records a model: {@code config.json}, {@code model.safetensors}, and the cases
 * {@code golden.safetensors} and {@code golden-CASE.safetensors} that a reference computed from
 * them.
 *
 * @param folder where the files lie
 * @param cases every case, the main one first, then by name
 */
public record RecordedReference(Path folder, List<Path> cases) {
  /** Copies the list. */
  public RecordedReference {
    cases = List.copyOf(cases);
  }

  /**
   * Looks a folder over without reading its tensors.
   *
   * @param folder with at least one case
   * @throws CheckpointException {@code NOT_FOUND} when the config, the weights or every case is
   *     missing
   */
  public static RecordedReference open(Path folder) {
    require(folder.resolve("config.json"));
    require(folder.resolve("model.safetensors"));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> cases =
          files
              .filter(f -> f.getFileName().toString().matches("golden(-.+)?\\.safetensors"))
              .sorted(
                  java.util.Comparator.comparing(
                      f -> f.getFileName().toString().replace(".safetensors", "")))
              .toList();
      if (cases.isEmpty()) {
        require(folder.resolve("golden.safetensors"));
      }
      return new RecordedReference(folder, cases);
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a folder that can be listed",
          String.valueOf(e.getMessage()),
          "Check its permissions.",
          e);
    }
  }

  /** Returns the config's JSON, with the errors of {@link ConfigReader#read}. */
  public JsonNode config() {
    Path file = configFile();
    return StrictJson.parse(file.toString(), MappedFile.readSmall(file, ConfigReader.MAX_BYTES));
  }

  /** Returns the config's path. */
  public Path configFile() {
    return folder.resolve("config.json");
  }

  /** Opens the weights, owned by the caller, with the errors of {@link SafetensorsFile#open}. */
  public SafetensorsFile weights() {
    return SafetensorsFile.open(folder.resolve("model.safetensors"));
  }

  private static void require(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          file.toString(),
          "a recorded reference's file",
          "nothing",
          "A folder needs config.json, model.safetensors and at least golden.safetensors.");
    }
  }
}
