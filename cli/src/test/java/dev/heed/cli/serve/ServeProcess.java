package dev.heed.cli.serve;

import dev.heed.fixture.NumberedWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The command that serves, as a process of its own, with a model of random weights. */
final class ServeProcess {
  static final Path MODEL =
      Path.of("..", "core", "src", "test", "resources", "golden", "models", "llama");

  private ServeProcess() {}

  /** Writes a Llama whose words are w0, w1, …, with room for long texts. */
  static void write(Path folder) throws IOException {
    for (String name : List.of("generation_config.json", "model.safetensors")) {
      Files.copy(MODEL.resolve(name), folder.resolve(name));
    }
    String config = Files.readString(MODEL.resolve("config.json"));
    Files.writeString(
        folder.resolve("config.json"),
        config.replaceAll(
            "\"max_position_embeddings\": \\d+", "\"max_position_embeddings\": 4096"));
    NumberedWords.write(folder, 101);
  }

  /**
   * Starts it.
   *
   * @param batch how many texts it writes side by side
   * @param watch a program that watches it, with its options; none for itself alone
   */
  static Process start(Path model, String batch, String... watch) throws IOException {
    List<String> command = new ArrayList<>(List.of(watch));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.heed.cli.Heed",
            "serve",
            "--model",
            model.toString(),
            "--port",
            "0",
            "--batch",
            batch,
            "--json"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Where it listens, as soon as it says so. */
  static String address(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    StringBuilder json = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      json.append(line);
      if (line.equals("}")) {
        break;
      }
    }
    return JsonMapper.shared().readTree(json.toString()).path("address").asString();
  }
}
