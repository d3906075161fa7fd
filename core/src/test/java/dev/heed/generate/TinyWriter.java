package dev.heed.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A folder of a tiny GPT-2 whose words are w0, w1, … */
final class TinyWriter {
  private TinyWriter() {}

  static void write(Path folder) throws IOException {
    Path model = RecordedSearch.models().resolve("gpt2");
    for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(model.resolve(name), folder.resolve(name));
    }
    String words =
        IntStream.range(0, 103)
            .mapToObj(i -> "\"w" + i + "\": " + i)
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
         "decoder": null, "model": {"type": "WordLevel", "unk_token": "w0", "vocab": {%s}}}
        """
            .replace("%s", words));
  }
}
