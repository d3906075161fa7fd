package dev.heed.explorer;

import dev.heed.fixture.RandomCheckpoint;
import dev.heed.fixture.TinyCheckpoint;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A decoder with rotary positions and MiniLM's tokenizer: 4 layers of 8 heads of 32 numbers, 4 of
 * keys; random, with scores that differ enough to make a picture.
 */
final class FarReader {
  static final String NAME = "far-reader";

  private static final String CONFIG =
      """
      {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 30522,
       "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 4,
       "num_attention_heads": 8, "num_key_value_heads": 4, "max_position_embeddings": 131072}\
      """;

  private FarReader() {}

  static ModelFiles write(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(NAME));
    ModelFiles files = RandomCheckpoint.write(folder, CONFIG, "/all-minilm-l6-v2-tokenizer.json");
    TinyCheckpoint.change(
        folder,
        (name, weight) ->
            name.contains("q_proj") || name.contains("k_proj") ? weight.mul(5) : weight);
    return files;
  }
}
