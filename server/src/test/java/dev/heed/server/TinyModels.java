package dev.heed.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Folders of tiny models with random weights: what they say means nothing, and that is enough. */
final class TinyModels {
  private static final Path RESOURCES = Path.of("..", "core", "src", "test", "resources");
  private static final String TEMPLATE =
      "{% if tools %}{% for t in tools %}{{ t.function.name }} {% endfor %}{{ '\\n' }}{% endif %}{%"
          + " for m in messages %}{{ m.role }}: {{ m.content }}{% if m.tool_calls %}{{"
          + " m.tool_calls[0].function.arguments.city }}{% endif %}{{ '\\n' }}{% endfor %}{% if"
          + " add_generation_prompt %}assistant: {% endif %}";
  private static final int FIRST_CHARACTER = 3;

  private TinyModels() {}

  /** A Llama whose tokens are the characters of ASCII, with a chat template. */
  static Path writer(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path model = RESOURCES.resolve(Path.of("golden", "models", "llama"));
    for (String name : List.of("generation_config.json", "model.safetensors")) {
      Files.copy(model.resolve(name), folder.resolve(name));
    }
    ObjectNode config =
        (ObjectNode) JsonMapper.shared().readTree(Files.readString(model.resolve("config.json")));
    config.put("max_position_embeddings", 2048);
    Files.writeString(folder.resolve("config.json"), config.toString());
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    return folder;
  }

  private static String tokenizer() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("version", "1.0");
    for (String absent :
        List.of("truncation", "padding", "normalizer", "pre_tokenizer", "post_processor")) {
      json.putNull(absent);
    }
    json.putObject("decoder").put("type", "Fuse");
    ObjectNode model = json.putObject("model");
    model.put("type", "BPE");
    model.put("unk_token", "<pad>");
    ObjectNode vocabulary = model.putObject("vocab");
    model.putArray("merges");
    List<String> specials = List.of("<pad>", "<s>", "</s>");
    for (int i = 0; i < FIRST_CHARACTER; i++) {
      vocabulary.put(specials.get(i), i);
      json.withArray("added_tokens")
          .addObject()
          .put("id", i)
          .put("content", specials.get(i))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    int next = FIRST_CHARACTER;
    vocabulary.put("\n", next++);
    for (char c = ' '; c <= '~'; c++) {
      vocabulary.put(Character.toString(c), next++);
    }
    return json.toString();
  }

  /** An encoder of sentences, of 8 numbers each. */
  static Path embedder(Path folder) throws IOException {
    copy(RESOURCES.resolve(Path.of("embedding", "tiny")), folder);
    return folder;
  }

  /** Half a second of a rising tone, as a WAV file of 16 bits. */
  static Path sound(Path file) throws IOException {
    int rate = 16_000;
    int samples = rate / 2;
    ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    wav.putShort((short) 2).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples);
    double phase = 0;
    for (int i = 0; i < samples; i++) {
      phase += 0.02 + 0.06 * Math.abs(Math.sin(i / 3000.0));
      wav.putShort((short) (12_000 * Math.sin(phase)));
    }
    return Files.write(file, wav.array());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
