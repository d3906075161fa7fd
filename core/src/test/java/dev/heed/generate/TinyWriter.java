package dev.heed.generate;

import dev.heed.fixture.NumberedWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of a tiny GPT-2 whose words are w0, w1, … */
final class TinyWriter {
  private TinyWriter() {}

  static void write(Path folder) throws IOException {
    Path model = RecordedSearch.models().resolve("gpt2");
    for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(model.resolve(name), folder.resolve(name));
    }
    NumberedWords.write(folder, 103);
  }
}
