package dev.heed.checkpoint;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Reads a JSON file whose keys its reader accounts for one by one. */
public final class ConfigFile {
  private ConfigFile() {}

  /**
   * Reads an object.
   *
   * @param file a config of at most {@value ConfigReader#MAX_BYTES} bytes
   * @throws CheckpointException {@code NOT_FOUND}, {@code IO}, {@code TOO_LARGE}, {@code MALFORMED}
   *     or {@code DUPLICATE}
   */
  public static JsonNode json(Path file) {
    JsonNode json =
        StrictJson.parse(file.toString(), MappedFile.readSmall(file, ConfigReader.MAX_BYTES));
    if (!json.isObject()) {
      throw new CheckpointException(
          CheckpointException.Kind.MALFORMED,
          file.toString(),
          "an object",
          json.getNodeType().toString(),
          "The file is damaged; get it again.");
    }
    return json;
  }
}
