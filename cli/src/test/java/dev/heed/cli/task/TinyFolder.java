package dev.heed.cli.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A recorded model with a tokenizer of a few English words, in a folder for a command to open. */
public final class TinyFolder {
  private static final Path RESOURCES = Path.of("..", "core", "src", "test", "resources");

  private TinyFolder() {}

  /**
   * Writes it.
   *
   * @param recorded the recorded model's name
   * @param words the tokenizer's
   * @param changes keys of config.json and their values as JSON
   */
  public static String write(
      Path folder, String recorded, String words, Map<String, String> changes) throws IOException {
    Path model = RESOURCES.resolve("golden/models").resolve(recorded);
    JsonMapper json = new JsonMapper();
    ObjectNode config = (ObjectNode) json.readTree(Files.readString(model.resolve("config.json")));
    changes.forEach((key, value) -> config.set(key, json.readTree(value)));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config.toString());
    for (String name : new String[] {"model.safetensors", "generation_config.json"}) {
      if (Files.exists(model.resolve(name))) {
        Files.copy(model.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.copy(
        RESOURCES.resolve("tasks").resolve(words + ".json"),
        folder.resolve("tokenizer.json"),
        StandardCopyOption.REPLACE_EXISTING);
    return folder.toString();
  }

  /**
   * Writes one that hears.
   *
   * @param recorded the recorded model's name
   * @param ears the folder of its tokenizer and front end
   */
  public static String hearing(Path folder, String recorded, String ears) throws IOException {
    Files.createDirectories(folder);
    for (Path from :
        new Path[] {
          RESOURCES.resolve("golden/models").resolve(recorded),
          RESOURCES.resolve("tasks/hear").resolve(ears)
        }) {
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.toList()) {
          Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return folder.toString();
  }
}
